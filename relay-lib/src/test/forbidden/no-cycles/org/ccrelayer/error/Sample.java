package org.ccrelayer.error;

class Sample {
    Object event = org.ccrelayer.event.RelayListener.class;
}
