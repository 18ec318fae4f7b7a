package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Whether an answer is read on for its usage when its client went away, and how far.
 *
 * @param wanted whether that is done for every request; else only for those that ask for it
 * @param limit how long an answer is read on, counted from the client's going; positive
 * @param bytes how much of an answer is read on; positive
 * @param most how many answers may be read on at once, 0 or more; 0 means never
 */
public record DrainPolicy(boolean wanted, Duration limit, long bytes, int most) {
    public DrainPolicy {
        requireNonNull(limit, "limit");
        if (limit.isNegative() || limit.isZero() || bytes <= 0 || most < 0) {
            throw new IllegalArgumentException("a drain needs a positive time and size, and a number of 0 or more");
        }
    }
}
