package org.ccrelayer.usage;

class Sample {
    Object json = org.ccrelayer.internal.json.JsonObject.empty();
}
