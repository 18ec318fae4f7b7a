package org.ccrelayer.internal.routing;

class Sample {
    Object library = new org.eclipse.jetty.client.SampleClient();
}
