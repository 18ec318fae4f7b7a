package org.ccrelayer.limit;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no room for an exchange. Amounts are requests, tokens or billionths of a dollar, as the limit says.
 * Immutable.
 *
 * @param limit the limit in the way
 * @param cause what fills it
 * @param value the limit's value
 * @param current what counts against it already, without reservations
 * @param reserved what running exchanges have reserved of it
 * @param freesIn until the limit starts anew, by the store's clock; null where it never does or nobody can tell
 */
public record Refusal(
        Limit limit,
        Cause cause,
        long value,
        long current,
        long reserved,
        @Nullable Duration freesIn) {
    /** What is limited, in the order in which it is looked at. */
    public enum Limit {
        /** Requests at the same time. */
        CONCURRENCY,
        /** Requests within the window. */
        WINDOW_REQUESTS,
        /** Tokens within the window. */
        WINDOW_TOKENS,
        /** Cost within the window. */
        WINDOW_COST,
        /** Cost within a day. */
        DAILY_BUDGET,
        /** Cost altogether. */
        TOTAL_BUDGET,
        /** Cost within a week. */
        WEEKLY_BUDGET
    }

    /** What stands in the way. */
    public enum Cause {
        /** The limit is reached. */
        USED_UP,
        /** There would be room, were it not reserved by running exchanges. */
        RESERVED,
        /** What is left would not do, even if nothing were reserved. */
        TOO_LITTLE_LEFT
    }

    public Refusal {
        requireNonNull(limit, "limit");
        requireNonNull(cause, "cause");
    }

    /** What is left of the limit, reservations aside; not negative. */
    public long left() {
        return Math.max(0, value - current);
    }
}
