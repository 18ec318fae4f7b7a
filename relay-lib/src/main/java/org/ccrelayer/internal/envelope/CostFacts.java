package org.ccrelayer.internal.envelope;

import org.jspecify.annotations.Nullable;

/**
 * What a request body says about the most that the request can cost. Wherever a body can be read in two ways, the dearer
 * one counts. Immutable.
 *
 * @param bodyBytes the length of the JSON, decoded where the body was encoded
 * @param imageCount everything in {@code messages} and {@code system} that calls itself an image, but for tool inputs
 * @param imageBytes of {@code bodyBytes} those that are base64 data of images and certainly no text
 * @param unboundedInput whether its bytes do not bound what the model reads: a document that is not text, a source that is
 *     fetched, a document with citations, a thread, a container
 * @param cached whether there is a {@code cache_control} that is not null, wherever it stands
 * @param oneHour whether one of those names a ttl that is not {@code 5m}
 * @param serverTools tools that the upstream runs itself; unknown ones are taken for such
 * @param serverToolUses how often those may be used, in all
 * @param typedClientTools tools that the client runs and the upstream describes to the model
 * @param hasTools whether there is any tool
 * @param hasOutputFormat whether the form of the output is given, which the upstream explains to the model
 * @param toolReferenceBytes bytes of tool definitions that references in {@code messages} can repeat, at most
 * @param unboundedField the first field that lets the upstream call models without a bound; null where there is none
 */
public record CostFacts(
        long bodyBytes,
        int imageCount,
        long imageBytes,
        boolean unboundedInput,
        boolean cached,
        boolean oneHour,
        int serverTools,
        long serverToolUses,
        int typedClientTools,
        boolean hasTools,
        boolean hasOutputFormat,
        long toolReferenceBytes,
        @Nullable String unboundedField) {
    public CostFacts {
        if (bodyBytes < 0 || imageCount < 0 || imageBytes < 0 || serverTools < 0 || serverToolUses < 0) {
            throw new IllegalArgumentException("counts must not be negative");
        }
        if (typedClientTools < 0 || toolReferenceBytes < 0) {
            throw new IllegalArgumentException("typedClientTools, toolReferenceBytes: must not be negative");
        }
        if (imageBytes > bodyBytes) {
            throw new IllegalArgumentException("imageBytes: must be part of the body");
        }
    }
}
