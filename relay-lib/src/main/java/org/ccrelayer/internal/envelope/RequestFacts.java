package org.ccrelayer.internal.envelope;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the relay decides by, as a request body says it. Texts are unescaped and bounded. Immutable.
 *
 * @param model the model that is asked for; 1 to 256 bytes of UTF-8, no control characters
 * @param modelStart the byte where the model's value begins, with its quote; -1 where the body was encoded
 * @param modelEnd the byte behind the model's value, with its quote; -1 where the body was encoded
 * @param stream whether the answer shall be streamed; false where the body does not say
 * @param maxTokens 0 to 10^9; empty where the body does not say
 * @param userId {@code metadata.user_id}, at most 4096 bytes; null where missing or empty
 * @param speed null where missing or empty, at most 512 bytes
 * @param inferenceGeo null where missing or empty, at most 512 bytes
 * @param serviceTier null where missing or empty, at most 512 bytes
 * @param cacheBreakpoints the first {@value #MAX_BREAKPOINTS} in the order of the body
 * @param pinned what binds the request to an account
 * @param hasThinking whether a message has a thinking block, whose signature only its own account accepts
 * @param cost what bounds the cost of the request
 * @param contentHash 32 hexadecimal digits that requests of one conversation share, by the predecessor's rules for bodies
 *     without a session of their own; null where there is no text to tell by
 */
public record RequestFacts(
        String model,
        long modelStart,
        long modelEnd,
        boolean stream,
        OptionalLong maxTokens,
        @Nullable String userId,
        @Nullable String speed,
        @Nullable String inferenceGeo,
        @Nullable String serviceTier,
        List<CacheBreakpoint> cacheBreakpoints,
        PinnedIds pinned,
        boolean hasThinking,
        CostFacts cost,
        @Nullable String contentHash) {
    /** How many breakpoints are kept; the API takes 4. */
    public static final int MAX_BREAKPOINTS = 16;

    public RequestFacts {
        requireNonNull(maxTokens, "maxTokens");
        requireNonNull(pinned, "pinned");
        requireNonNull(cost, "cost");
        cacheBreakpoints = List.copyOf(cacheBreakpoints);
        if (model.isEmpty()) {
            throw new IllegalArgumentException("model: must not be empty");
        }
    }

    /** Names neither the user nor any id. */
    @Override
    public String toString() {
        return "RequestFacts[model=" + model + ", stream=" + stream + ", maxTokens=" + maxTokens + ", user="
                + (userId != null) + ", cacheBreakpoints=" + cacheBreakpoints.size() + ", pinned=" + pinned
                + ", thinking=" + hasThinking + "]";
    }
}
