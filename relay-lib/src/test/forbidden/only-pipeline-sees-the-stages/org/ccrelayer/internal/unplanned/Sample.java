package org.ccrelayer.internal.unplanned;

class Sample {
    Object json = org.ccrelayer.internal.json.JsonObject.empty();
}
