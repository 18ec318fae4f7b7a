package org.ccrelayer.internal.routing;

class Sample {
    Object library = new org.h2.mvstore.SampleStore();
}
