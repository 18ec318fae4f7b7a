package org.ccrelayer.internal.pipeline;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.event.RelayListener;
import org.ccrelayer.http.ClientRequest;
import org.ccrelayer.http.ClientResponse;

/** The exchanges of a relay: begins them, counts them, and sees them out when the relay goes down. Safe for concurrent use. */
public final class Exchanges {
    static final Duration TRY_ELSEWHERE = Duration.ofSeconds(2);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Identifiers identifiers = new Identifiers();
    private final InFlight inFlight = new InFlight();
    private final ExchangeEnvironment environment;
    private volatile boolean draining;

    /** No exchanges yet, of a relay whose store keeps nobody waiting. */
    public Exchanges(InstantSource clock, Drains drains, List<RelayListener> listeners) {
        this(clock, drains, listeners, StoreWork.IN_PLACE);
    }

    /** No exchanges yet; what ends them is run by {@code store} where it may wait. */
    public Exchanges(InstantSource clock, Drains drains, List<RelayListener> listeners, StoreWork store) {
        this.environment = new ExchangeEnvironment(clock, inFlight, drains, listeners, store);
    }

    Exchange begin(ClientRequest clientRequest, ClientResponse clientResponse) {
        Exchange exchange = new Exchange(identifiers.next(), clientRequest, clientResponse, environment);
        inFlight.add(exchange);
        return exchange;
    }

    /** The id for an error that has no exchange. */
    public String nextId() {
        return identifiers.next();
    }

    void refuseWhenDraining() {
        if (draining) {
            throw new RelayException(Outcome.DRAINING);
        }
    }

    /** How many have not ended. */
    public int count() {
        return inFlight.count();
    }

    /** Whether no new work is taken. */
    public boolean draining() {
        return draining;
    }

    /** Takes no new work from now on. */
    public void drain() {
        draining = true;
    }

    /** Waits for the running ones, and after {@code limit} ends those that are left so that their clients see it. */
    public void close(Duration limit) throws InterruptedException {
        drain();
        if (!inFlight.awaitEmpty(limit)) {
            for (Exchange exchange : inFlight.all()) {
                exchange.stop(Outcome.DRAINING, new CancellationException("the relay is closing"));
            }
            inFlight.awaitEmpty(LAST_WORDS);
            // A client that does not read is not waited for, but what it used is booked while the store is there.
            inFlight.all().forEach(exchange -> exchange.end(exchange.unwanted().orElse(Outcome.DRAINING)));
            inFlight.awaitEmpty(LAST_WORDS);
        }
    }
}
