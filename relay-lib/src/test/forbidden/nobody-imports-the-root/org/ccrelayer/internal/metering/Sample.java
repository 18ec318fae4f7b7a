package org.ccrelayer.internal.metering;

class Sample {
    Object root = new org.ccrelayer.Root();
}
