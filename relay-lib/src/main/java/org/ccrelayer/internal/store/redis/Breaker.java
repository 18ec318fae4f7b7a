package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Stops asking what does not answer: after several time-outs in a row nobody is let through for a while, then one at a time,
 * until one is answered. Safe for concurrent use.
 */
final class Breaker {
    private final InstantSource clock;
    private final int timeouts;
    private final Duration pause;
    private int inARow;
    private @Nullable Instant since;
    private boolean trying;

    /**
     * A breaker that lets everybody through.
     *
     * @param timeouts how many in a row stop it
     * @param pause for how long
     */
    Breaker(InstantSource clock, int timeouts, Duration pause) {
        this.clock = clock;
        this.timeouts = timeouts;
        this.pause = pause;
    }

    /** Whether somebody may ask; must be followed by {@link #answered}, {@link #timedOut} or {@link #notAsked}. */
    synchronized boolean lets() {
        if (since == null) {
            return true;
        }
        if (trying || pausing(since)) {
            return false;
        }
        trying = true;
        return true;
    }

    /** A clock that went back ends the pause, rather than making it endless. */
    private boolean pausing(Instant from) {
        Instant now = clock.instant();
        return !now.isBefore(from) && now.isBefore(from.plus(pause));
    }

    /** There was an answer; true where that ended the pause. */
    synchronized boolean answered() {
        boolean ended = since != null;
        inARow = 0;
        since = null;
        trying = false;
        return ended;
    }

    /** There was none in time; true where that began a pause. */
    synchronized boolean timedOut() {
        inARow++;
        trying = false;
        boolean begins = since == null && inARow >= timeouts;
        if (since != null || begins) {
            since = clock.instant();
        }
        return begins;
    }

    /** Nobody was asked after all. */
    synchronized void notAsked() {
        trying = false;
    }

    /** Whether it lets everybody through. */
    synchronized boolean closed() {
        return since == null;
    }
}
