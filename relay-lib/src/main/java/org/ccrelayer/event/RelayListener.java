package org.ccrelayer.event;

import java.util.List;

/**
 * Is told about every exchange, once, and about connections. Called on the thread that ended the exchange, so it must be quick and
 * must not block; what it throws is logged and changes nothing.
 */
@FunctionalInterface
public interface RelayListener {
    /** An exchange ended; its attempts are in the summary. */
    void exchangeEnded(RequestSummary summary);

    /**
     * The connections of all accounts that have any, told every few seconds. Called on a worker, also while exchanges end.
     *
     * @param pools one for each account
     */
    default void poolsObserved(List<PoolState> pools) {}
}
