package org.ccrelayer.internal.store.embedded;

import java.time.Duration;
import java.time.Instant;
import org.ccrelayer.apikey.RateLimit;

/**
 * A window of a rate limit and what counts in it. Immutable.
 *
 * @param start its first request; {@link Instant#MIN} where there was none
 * @param requests requests that were let in
 * @param tokens what they used, as far as it is booked
 * @param costNanoUsd what limits count of its cost
 */
record Window(Instant start, long requests, long tokens, long costNanoUsd) {
    static final Window NONE = new Window(Instant.MIN, 0, 0, 0);

    /** The window that a request at {@code now} falls in: this one, or a new one where this is over or not begun. */
    Window at(Instant now, RateLimit limit) {
        boolean running = !start.equals(Instant.MIN) && !now.isBefore(start) && now.isBefore(end(limit));
        return running ? this : new Window(now, 0, 0, 0);
    }

    Instant end(RateLimit limit) {
        return start.plus(Duration.ofMinutes(limit.windowMinutes()));
    }

    Window plusRequest() {
        return new Window(start, requests + 1, tokens, costNanoUsd);
    }

    /** Without a request that was let in at that time; a request of an earlier window is not in it. */
    Window minusRequest(Instant admittedAt) {
        return admittedAt.isBefore(start) || requests == 0
                ? this
                : new Window(start, requests - 1, tokens, costNanoUsd);
    }

    /** With what a request used that was let in at that time; what belongs to an earlier window is not in it. */
    Window plusUse(Instant admittedAt, long moreTokens, long moreNanoUsd) {
        return start.equals(Instant.MIN) || admittedAt.isBefore(start)
                ? this
                : new Window(start, requests, tokens + moreTokens, costNanoUsd + moreNanoUsd);
    }
}
