package org.ccrelayer.internal.pipeline;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many more attempts than requests the relay makes, so that a storm does not multiply: each request adds a part of an
 * attempt, each further attempt takes a whole one. Safe for concurrent use.
 */
public final class RetryBudget {
    private static final long ATTEMPT = 100;
    private static final long MOST_SAVED = 100 * ATTEMPT;

    private final long perRequest;
    private final AtomicLong saved = new AtomicLong(MOST_SAVED);

    /** A budget of so many further attempts per hundred requests, 0 or more, and up to a hundred that were saved. */
    public RetryBudget(int percent) {
        if (percent < 0) {
            throw new IllegalArgumentException("percent: must not be negative");
        }
        this.perRequest = percent;
    }

    /** A request came. */
    void request() {
        saved.updateAndGet(before -> Math.min(MOST_SAVED, before + perRequest));
    }

    /** An attempt that was taken is not made. */
    void giveBack() {
        saved.updateAndGet(before -> Math.min(MOST_SAVED, before + ATTEMPT));
    }

    /** Whether another attempt may be made, which then counts. */
    boolean take() {
        return saved.getAndUpdate(before -> before >= ATTEMPT ? before - ATTEMPT : before) >= ATTEMPT;
    }
}
