package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.event.Attempt;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.http.ClientRequest;
import org.ccrelayer.http.ClientResponse;
import org.ccrelayer.internal.admission.Permit;
import org.ccrelayer.internal.envelope.Envelope;
import org.ccrelayer.internal.envelope.RequestFacts;
import org.ccrelayer.internal.routing.Lookup;
import org.ccrelayer.usage.UsageRecord;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request from its arrival to its end: the only thing that changes on its way. It is driven by one thread at a time;
 * only {@link #stop}, {@link #clientGone} and {@link #end} may come from any thread. It ends exactly once.
 */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final String id;
    private final ClientRequest clientRequest;
    private final ClientResponse clientResponse;
    private final ExchangeEnvironment environment;
    private final Instant startedAt;
    private final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    private final Set<String> tried = new LinkedHashSet<>();
    private final Setbacks setbacks = new Setbacks();
    private final InPlace inPlace = new InPlace();
    private final AtomicReference<Outcome> stopped = new AtomicReference<>();
    private final AtomicInteger timeOuts = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile Instant readAt;
    private volatile boolean granted;
    private volatile @Nullable ApiKey key;
    private volatile @Nullable Envelope envelope;
    private volatile @Nullable Lookup lookup;
    private volatile @Nullable Permit permit;
    private volatile @Nullable UpstreamAttempt current;
    private volatile @Nullable Pause pause;
    private volatile int status;
    private volatile long responseBytes;
    private @Nullable Drain drain;

    Exchange(String id, ClientRequest clientRequest, ClientResponse clientResponse, ExchangeEnvironment environment) {
        this.id = id;
        this.clientRequest = clientRequest;
        this.clientResponse = clientResponse;
        this.environment = environment;
        this.startedAt = environment.clock().instant();
        this.readAt = startedAt;
    }

    String id() {
        return id;
    }

    ClientRequest clientRequest() {
        return clientRequest;
    }

    ClientResponse clientResponse() {
        return clientResponse;
    }

    Instant now() {
        return environment.clock().instant();
    }

    void authenticated(ApiKey asking) {
        key = asking;
    }

    @Nullable
    ApiKey key() {
        return key;
    }

    void read(Envelope complete) {
        envelope = complete;
        readAt = now();
    }

    /** When the request was read whole; its upload is not the upstream's time. */
    Instant readAt() {
        return readAt;
    }

    RequestFacts facts() {
        return envelope().facts();
    }

    Envelope envelope() {
        return requireNonNull(envelope, "the body was not read yet");
    }

    /** What the store was asked for ahead, for its first try. */
    void lookedUp(Lookup asked) {
        lookup = asked;
    }

    /** What was asked for ahead, once. */
    Optional<Lookup> takeLookup() {
        Optional<Lookup> asked = Optional.ofNullable(lookup);
        lookup = null;
        return asked;
    }

    void admitted(Permit granted) {
        permit = granted;
        if (ended.get()) {
            granted.release(true);
        }
    }

    Permit permit() {
        return requireNonNull(permit, "the exchange was not let in yet");
    }

    /** The accounts that were tried. */
    Set<String> tried() {
        return tried;
    }

    void attempting(UpstreamAttempt attempt) {
        tried.add(attempt.account().id());
        inPlace.trying(attempt.account().id());
        current = attempt;
    }

    /** The number of the next try, from 1 on. */
    int nextAttempt() {
        return begun.incrementAndGet();
    }

    /** A try has a row in the ledger. */
    void opened() {
        opened.incrementAndGet();
    }

    void attempted(Attempt attempt) {
        attempts.add(attempt);
    }

    /** Whether a try before the latest one timed out as well; to be asked once for each that did. */
    boolean timedOutBefore() {
        return timeOuts.getAndIncrement() > 0;
    }

    /** Whether its next try was taken from the retry budget. */
    boolean granted() {
        return granted;
    }

    void granted(boolean taken) {
        granted = taken;
    }

    /** What its tries came to so far. */
    Setbacks setbacks() {
        return setbacks;
    }

    /** Which account may be asked once more. */
    InPlace inPlace() {
        return inPlace;
    }

    /** It waits for its next try, at most until it shall end early. */
    void pausing(Pause waiting) {
        pause = waiting;
        if (unwanted().isPresent()) {
            waiting.end();
        }
    }

    void answering(int answeredStatus) {
        status = answeredStatus;
    }

    void delivered(long bytes) {
        responseBytes = responseBytes + bytes;
    }

    /**
     * The client went away. An answer that is awaited or on its way is read on for its usage where that is wanted and there
     * is room, and its response let go of; all else is stopped. Further calls change nothing.
     */
    void clientGone(Throwable cause) {
        if (beginDrain()) {
            requireNonNull(current).carrier().ifPresentOrElse(Runnable::run, () -> clientResponse.abort(cause));
        } else {
            stop(Outcome.CLIENT_GONE, cause);
        }
    }

    /** One lock for the decision and for asking about it: a try that ended before somebody asked is never read on after. */
    private synchronized boolean beginDrain() {
        UpstreamAttempt attempt = current;
        boolean possible = !ended.get() && stopped.get() == null && attempt != null && attempt.underWay();
        if (drain == null && possible) {
            Runnable late = () -> stop(Outcome.CLIENT_GONE, new TimeoutException("read on for too long"));
            drain = environment.drains().tryBegin(permit().strict(), late).orElse(null);
        }
        return drain != null;
    }

    /** Whether the client is gone and its answer read on. */
    synchronized boolean draining() {
        return drain != null;
    }

    /** Counts bytes that were read on; too many stop the exchange. */
    void drained(long bytes) {
        boolean allowed;
        synchronized (this) {
            allowed = drain == null || drain.allows(bytes);
        }
        if (!allowed) {
            stop(Outcome.CLIENT_GONE, new CancellationException("too many bytes were read on"));
        }
    }

    private synchronized void endDrain() {
        if (drain != null) {
            drain.end();
        }
    }

    /** Asks for an early end, for that reason; whoever drives the exchange ends it. Only the first call counts. */
    void stop(Outcome reason, Throwable cause) {
        if (stopped.compareAndSet(null, reason)) {
            UpstreamAttempt attempt = current;
            if (attempt != null) {
                attempt.cancel(cause);
            }
            Pause waiting = pause;
            if (waiting != null) {
                waiting.end();
            }
        }
    }

    /** Why the exchange shall end early, if it shall. */
    Optional<Outcome> stopped() {
        return Optional.ofNullable(stopped.get());
    }

    /** Why nothing more is tried or told, if that is so: the client is gone, or the exchange shall end early. */
    Optional<Outcome> unwanted() {
        return draining() ? Optional.of(Outcome.CLIENT_GONE) : stopped();
    }

    /** A store that is away fails one request after the other; where that comes from need not be told each time. */
    private void log(RelayException failure) {
        Throwable cause = failure.getCause();
        if (cause == null) {
            return;
        }
        if (failure.outcome() == Outcome.STORE_UNAVAILABLE) {
            LOG.warn("{} failed: {} ({})", id, failure.safeMessage(), cause.getMessage());
            LOG.debug("{} failed", id, cause);
        } else if (failure.outcome().fault() == Outcome.Fault.RELAY) {
            LOG.warn("{} failed: {}", id, failure.safeMessage(), cause);
        } else {
            LOG.debug("{} failed: {}", id, failure.safeMessage(), cause);
        }
    }

    /** Ends the exchange by telling the client, or by breaking off where an answer was begun. */
    void fail(RelayException given) {
        RelayException failure =
                given.outcome() == Outcome.DRAINING ? given.retryAfter(Exchanges.TRY_ELSEWHERE) : given;
        log(failure);
        if (ended.get()) {
            return;
        }
        boolean abandoned = draining();
        if (abandoned || failure.outcome() == Outcome.CLIENT_GONE || clientResponse.committed()) {
            clientResponse.abort(failure);
            end(abandoned ? Outcome.CLIENT_GONE : failure.outcome());
            return;
        }
        answering(failure.outcome().status());
        ErrorResponder.respond(
                clientResponse,
                failure,
                id,
                Callback.from(() -> end(failure.outcome()), unsent -> end(failure.outcome())));
    }

    /** Ends the exchange: whatever it holds is given back, and listeners are told. Only the first call counts. */
    void end(Outcome outcome) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        UpstreamAttempt attempt = current;
        if (attempt == null || attempt.ended()) {
            finish(outcome);
        } else {
            environment.store().finish(() -> finish(outcome));
        }
    }

    private void finish(Outcome outcome) {
        try {
            settle(outcome);
        } catch (RuntimeException | LinkageError | AssertionError e) {
            // Whoever waits for its end must be told all the same, whatever the store or anybody else made of it.
            LOG.error("{} did not end as it should.", id, e);
        } finally {
            endDrain();
            environment.ended(this, summary(outcome));
        }
    }

    private void settle(Outcome outcome) {
        UpstreamAttempt attempt = current;
        Permit granted = permit;
        Envelope kept = envelope;
        try {
            if (attempt != null) {
                attempt.end(outcome, "ended");
            }
        } finally {
            try {
                if (granted != null) {
                    granted.release(free());
                }
            } finally {
                if (kept != null) {
                    kept.body().release();
                }
            }
        }
    }

    /** Whether nothing reached an upstream, or all that came of it was a refusal before any output. */
    private boolean free() {
        return attempts.size() == opened.get()
                && attempts.stream()
                        .allMatch(attempt -> attempt.row().state() == UsageRecord.State.VOID
                                && (attempt.status().isEmpty() || attempt.outcome() == Outcome.COMPLETED));
    }

    private RequestSummary summary(Outcome outcome) {
        Envelope kept = envelope;
        Optional<RequestFacts> read = Optional.ofNullable(kept).map(Envelope::facts);
        return new RequestSummary(
                id,
                clientRequest.method(),
                clientRequest.path(),
                Optional.ofNullable(key).map(ApiKey::id),
                read.map(RequestFacts::model),
                read.map(RequestFacts::stream).orElse(false),
                outcome == Outcome.CLIENT_GONE && status == 0 ? outcome.status() : status,
                outcome,
                Optional.ofNullable(permit).flatMap(Permit::shadowed),
                attempts,
                kept == null ? 0 : kept.body().length(),
                responseBytes,
                Duration.between(startedAt, now()));
    }
}
