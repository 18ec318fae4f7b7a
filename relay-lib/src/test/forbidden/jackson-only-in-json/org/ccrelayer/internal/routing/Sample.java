package org.ccrelayer.internal.routing;

class Sample {
    Object library = new com.fasterxml.jackson.core.SampleParser();
}
