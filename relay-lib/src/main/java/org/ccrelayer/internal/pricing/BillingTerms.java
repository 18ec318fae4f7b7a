package org.ccrelayer.internal.pricing;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.ccrelayer.usage.TokenUsage;

/**
 * What an answer's usage says about how it is billed, for all its steps alike. Only what the answer reports counts, not
 * what the request asked for. Immutable.
 *
 * @param day the UTC day of the request
 * @param batch whether it was an item of a batch; then {@code fast} is false, since the two do not combine
 * @param fast whether it ran at high speed
 * @param usInference whether it was bound to the United States
 */
record BillingTerms(LocalDate day, boolean batch, boolean fast, boolean usInference) {
    private static final String BATCH_TIER = "batch";
    private static final String FAST_SPEED = "fast";
    private static final String US_GEO = "us";

    BillingTerms {
        requireNonNull(day, "day");
        if (batch && fast) {
            throw new IllegalArgumentException("batch and fast do not combine");
        }
    }

    /** The terms of an answer. The priority tier has no list price of its own and counts as standard. */
    static BillingTerms of(TokenUsage usage, Instant at) {
        // Fast mode does not exist in batches: an item that reports both was billed as the batch item it is.
        boolean batch = BATCH_TIER.equals(usage.serviceTier());
        boolean fast = !batch && FAST_SPEED.equals(usage.speed());
        return new BillingTerms(
                LocalDate.ofInstant(at, ZoneOffset.UTC), batch, fast, US_GEO.equals(usage.inferenceGeo()));
    }
}
