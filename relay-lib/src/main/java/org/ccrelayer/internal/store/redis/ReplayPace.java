package org.ccrelayer.internal.store.redis;

import java.time.Duration;

/**
 * How many rows are handed to Redis at once. Requests wait behind them, and more than are done within a command's deadline would be
 * taken for another outage: so there are fewer where Redis takes long, and one where it does not answer. Used by one thread.
 */
final class ReplayPace {
    private static final int FIRST = 10;
    private static final int MOST = 100;
    private static final int STEADY = 10;
    private static final Duration QUICK = Duration.ofMillis(60);
    private static final Duration SLOW = Duration.ofMillis(125);

    private int rows = FIRST;

    /** How many go next. */
    int rows() {
        return rows;
    }

    /** They were answered, after that time. What is slow for the way alone does not become slower than some at a time. */
    void took(Duration time) {
        if (time.compareTo(QUICK) < 0) {
            rows = Math.min(MOST, 2 * rows);
        } else if (time.compareTo(SLOW) > 0 && rows > STEADY) {
            rows = Math.max(STEADY, rows / 2);
        }
    }

    /** They were not all answered in time. */
    void failed() {
        rows = Math.max(1, rows / 4);
    }
}
