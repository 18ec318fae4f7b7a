package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.usage.Cost;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether Redis is away: from the first call that it did not answer as a working server does until it takes writes again. The
 * outage is over when it also has every row. Its beginning and its end are logged once each, in numbers. Safe for concurrent use.
 */
final class Outage {
    /** For how long a relay goes on by its own count. */
    static final Duration LOCAL = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final String REFUSING = "Nobody is let in until it answers, as redis-away-policy says.";

    private final LongSupplier nanos;
    private final Object server;
    private final boolean local;
    private final AtomicLong letIn = new AtomicLong();
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong nanoUsd = new AtomicLong();
    private volatile boolean away;

    /** Since when it lasts, until Redis has everything. */
    private volatile @Nullable Long since;

    /**
     * No outage yet.
     *
     * @param nanos tells how time passes; the machine's clock may be set
     * @param server its name in the log
     * @param local whether anybody is let in meanwhile
     */
    Outage(LongSupplier nanos, Object server, boolean local) {
        this.nanos = nanos;
        this.server = server;
        this.local = local;
    }

    /** Whether Redis is away. */
    boolean away() {
        return away;
    }

    /** How long it lasts, until Redis has everything; zero where there is none. */
    Duration lasting() {
        Long from = since;
        return from == null ? Duration.ZERO : Duration.ofNanos(nanos.getAsLong() - from);
    }

    /** Whether Redis is away, or does not have everything yet. */
    boolean lasts() {
        return since != null;
    }

    /** Whether the relay goes on by its own count now. */
    boolean local() {
        return local && away && lasting().compareTo(LOCAL) < 0;
    }

    /**
     * A call failed.
     *
     * @param bound what is let in from now on, for the log
     * @return whether Redis is away; false where only this call was not answered well
     */
    boolean began(Throwable problem, Supplier<String> bound) {
        if (!Trouble.ofTheServer(problem)) {
            return false;
        }
        if (begins()) {
            Throwable cause = problem.getCause() == null ? problem : problem.getCause();
            LOG.warn("Redis at {} is away ({}). {}", server, cause.getMessage(), local ? bound.get() : REFUSING);
        }
        return true;
    }

    /** One that fails again before it has everything is away for as long as before. */
    private synchronized boolean begins() {
        away = true;
        boolean first = since == null;
        if (first) {
            since = nanos.getAsLong();
        }
        return first;
    }

    /** Redis takes writes again. */
    synchronized void answered() {
        away = false;
    }

    /**
     * Redis has everything that it takes, unless it is away again.
     *
     * @param refused how many rows it does not take
     */
    void over(int refused) {
        Duration lasted = lasting();
        synchronized (this) {
            if (since == null || away) {
                return;
            }
            since = null;
        }
        LOG.info(
                "Redis at {} is back and has everything but {} rows, after {} ms. Meanwhile {} requests were let in on this"
                        + " relay's own count, and {} rows of ${} altogether waited.",
                server,
                refused,
                lasted.toMillis(),
                letIn.getAndSet(0),
                rows.getAndSet(0),
                Cost.usd(nanoUsd.getAndSet(0)).toPlainString());
    }

    /** Somebody was let in without Redis. */
    void countGrant() {
        letIn.incrementAndGet();
    }

    /** A settled row waits for Redis. */
    void countRow(long costNanoUsd) {
        rows.incrementAndGet();
        nanoUsd.addAndGet(costNanoUsd);
    }

    /** What is told to whom nobody lets in. */
    static RelayException refusal() {
        return new RelayException(Outcome.STORE_UNAVAILABLE).retryAfter(RETRY_AFTER);
    }
}
