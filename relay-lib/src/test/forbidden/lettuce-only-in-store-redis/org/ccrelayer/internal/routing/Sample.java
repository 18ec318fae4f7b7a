package org.ccrelayer.internal.routing;

class Sample {
    Object library = new io.lettuce.core.SampleClient();
}
