package org.ccrelayer.event;

/**
 * Is told about every exchange, once. Called on the thread that ended it, so it must be quick and must not block; what
 * it throws is logged and changes nothing.
 */
@FunctionalInterface
public interface RelayListener {
    /** An exchange ended; its attempts are in the summary. */
    void exchangeEnded(RequestSummary summary);
}
