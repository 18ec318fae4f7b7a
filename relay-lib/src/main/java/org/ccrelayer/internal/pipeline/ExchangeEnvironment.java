package org.ccrelayer.internal.pipeline;

import java.time.InstantSource;
import java.util.List;
import org.ccrelayer.event.RelayListener;
import org.ccrelayer.event.RequestSummary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every exchange shares: the time, and who is told of its end.
 *
 * @param clock the time
 * @param inFlight the exchanges that have not ended
 * @param listeners who is told
 */
record ExchangeEnvironment(InstantSource clock, InFlight inFlight, List<RelayListener> listeners) {
    private static final Logger LOG = LoggerFactory.getLogger(ExchangeEnvironment.class);

    ExchangeEnvironment {
        listeners = List.copyOf(listeners);
    }

    void ended(Exchange exchange, RequestSummary summary) {
        for (RelayListener listener : listeners) {
            try {
                listener.exchangeEnded(summary);
            } catch (RuntimeException e) {
                LOG.warn("{}: a listener failed", exchange.id(), e);
            }
        }
        inFlight.remove(exchange);
    }
}
