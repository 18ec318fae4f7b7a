package org.ccrelayer.internal.pricing;

import static java.util.Objects.requireNonNull;

/**
 * The rates for requests whose prompt has a length in a closed range. They hold for all tokens of such a request, its
 * output included. Immutable.
 *
 * @param minPrompt shortest prompt, in tokens, not negative
 * @param maxPrompt longest prompt, in tokens; {@link Long#MAX_VALUE} where there is no limit
 * @param standard what tokens cost
 * @param batch what they cost in a batch
 */
record PriceBand(long minPrompt, long maxPrompt, TokenRates standard, TokenRates batch) {
    PriceBand {
        requireNonNull(standard, "standard");
        requireNonNull(batch, "batch");
        if (minPrompt < 0 || maxPrompt < minPrompt) {
            throw new IllegalArgumentException("a prompt band must not be empty");
        }
    }

    /** The rates for prompts of every length. */
    static PriceBand ofEveryPrompt(TokenRates standard, TokenRates batch) {
        return new PriceBand(0, Long.MAX_VALUE, standard, batch);
    }
}
