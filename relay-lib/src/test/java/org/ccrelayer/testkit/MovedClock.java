package org.ccrelayer.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it. Safe for concurrent use. */
public final class MovedClock implements InstantSource {
    private volatile Instant now;

    /** Stands at {@code start}. */
    public MovedClock(Instant start) {
        now = start;
    }

    @Override
    public Instant instant() {
        return now;
    }

    /** Goes on, or back. */
    public void move(Duration by) {
        now = now.plus(by);
    }

    /** Goes to that moment. */
    public void moveTo(Instant to) {
        now = to;
    }
}
