package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long an account is left alone that is asked once more by the same request: each time longer, and for each request
 * another time, so that those who were refused together do not come back together. As safe for concurrent use as its source.
 *
 * @param random where the differences come from; safe for concurrent use
 */
public record BackOff(RandomGenerator random) {
    /** How often a request asks again at most. */
    static final int MOST = 2;

    private static final Duration SHORTEST = Duration.ofMillis(250);

    public BackOff {
        requireNonNull(random, "random");
    }

    /** How long to wait when it was asked again so many times, 0 or more: 250 to 750 ms first, then twice that. */
    Duration after(int times) {
        long shortest = SHORTEST.toMillis() << times;
        return Duration.ofMillis(shortest + random.nextLong(2 * shortest + 1));
    }
}
