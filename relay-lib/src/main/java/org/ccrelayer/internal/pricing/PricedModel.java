package org.ccrelayer.internal.pricing;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What the price file knows of a model besides its prices. Immutable.
 *
 * @param id the model's first-party id
 * @param displayName its name for people
 * @param family such as {@code opus}
 * @param contextWindowTokens longest prompt and output together; null where not known
 * @param maxOutputTokens longest output; null where not known
 */
public record PricedModel(
        String id,
        String displayName,
        String family,
        @Nullable Long contextWindowTokens,
        @Nullable Long maxOutputTokens) {
    public PricedModel {
        requireNonNull(id, "id");
        requireNonNull(displayName, "displayName");
        requireNonNull(family, "family");
        requirePositive(contextWindowTokens, "contextWindowTokens");
        requirePositive(maxOutputTokens, "maxOutputTokens");
    }

    private static void requirePositive(@Nullable Long tokens, String name) {
        if (tokens != null && tokens <= 0) {
            throw new IllegalArgumentException(name + ": must be above zero");
        }
    }
}
