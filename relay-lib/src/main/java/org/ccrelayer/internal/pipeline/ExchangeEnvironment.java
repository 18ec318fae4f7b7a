package org.ccrelayer.internal.pipeline;

import java.time.InstantSource;
import java.util.List;
import org.ccrelayer.event.RelayListener;
import org.ccrelayer.event.RequestSummary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every exchange shares: the time, what happens without a client, and who is told of its end.
 *
 * @param clock the time
 * @param inFlight the exchanges that have not ended
 * @param drains the answers that are read on without a client
 * @param listeners who is told
 * @param store runs what may wait for the store
 */
record ExchangeEnvironment(
        InstantSource clock, InFlight inFlight, Drains drains, List<RelayListener> listeners, StoreWork store) {
    private static final Logger LOG = LoggerFactory.getLogger(ExchangeEnvironment.class);

    ExchangeEnvironment {
        listeners = List.copyOf(listeners);
    }

    void ended(Exchange exchange, RequestSummary summary) {
        try {
            for (RelayListener listener : listeners) {
                tell(listener, summary);
            }
        } finally {
            inFlight.remove(exchange);
        }
    }

    private static void tell(RelayListener listener, RequestSummary summary) {
        try {
            listener.exchangeEnded(summary);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            LOG.warn("{}: a listener failed", summary.exchangeId(), e);
        }
    }
}
