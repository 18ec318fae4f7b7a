package org.ccrelayer.usage;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What a request asks for that decides at which of a model's rates it may be billed. Immutable.
 *
 * @param at when the request is made; it may still be billed on the next UTC day
 * @param cached whether it may write to a cache for five minutes, or read from one
 * @param oneHour whether it may write to a cache for an hour
 * @param fast whether it asks for high speed
 * @param usInference whether it may be bound to the United States
 */
public record RequestTerms(Instant at, boolean cached, boolean oneHour, boolean fast, boolean usInference) {
    public RequestTerms {
        requireNonNull(at, "at");
    }
}
