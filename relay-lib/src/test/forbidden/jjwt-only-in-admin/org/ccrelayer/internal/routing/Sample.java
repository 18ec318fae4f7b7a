package org.ccrelayer.internal.routing;

class Sample {
    Object library = new io.jsonwebtoken.SampleToken();
}
