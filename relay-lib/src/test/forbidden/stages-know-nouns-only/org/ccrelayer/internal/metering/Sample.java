package org.ccrelayer.internal.metering;

class Sample {
    Object other = new org.ccrelayer.internal.routing.Other();
}
