package org.ccrelayer.usage;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an answer used, as the upstream reported it: the whole-message totals, where every later non-null field of a
 * stream replaced the earlier one. Immutable.
 *
 * @param totals the top-level counts
 * @param thinkingTokens the part of the output that was thinking
 * @param webSearchRequests server-side searches that were made
 * @param webFetchRequests server-side fetches that were made
 * @param serviceTier such as {@code standard} or {@code batch}; null where not reported
 * @param speed such as {@code fast}; null where not reported
 * @param inferenceGeo such as {@code global} or {@code us}; null where not reported
 * @param iterations billed steps; empty where the top level is what is billed
 */
public record TokenUsage(
        Tokens totals,
        long thinkingTokens,
        long webSearchRequests,
        long webFetchRequests,
        @Nullable String serviceTier,
        @Nullable String speed,
        @Nullable String inferenceGeo,
        List<Iteration> iterations) {
    /** Nothing used. */
    public static final TokenUsage NONE = of(Tokens.NONE);

    public TokenUsage {
        requireNonNull(totals, "totals");
        iterations = List.copyOf(iterations);
    }

    /** Plain tokens, nothing else reported. */
    public static TokenUsage of(Tokens totals) {
        return new TokenUsage(totals, 0, 0, 0, null, null, null, List.of());
    }
}
