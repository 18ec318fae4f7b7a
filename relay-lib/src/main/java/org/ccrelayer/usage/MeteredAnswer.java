package org.ccrelayer.usage;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What reading along an upstream's answer found. Immutable; holds no text of the answer.
 *
 * @param model the model that answered; null where the answer did not get that far
 * @param messageId the message's id; null likewise
 * @param stopReason why the model stopped; null where it did not say
 * @param started whether usage was reported at all
 * @param contentStarted whether any content was delivered
 * @param complete whether the answer reached its proper end and all usage that it reported could be read
 * @param errorType the type of an error that ended the answer; null where none did
 * @param outputCharacters Unicode characters of generated text, thinking and tool input seen so far
 * @param usage what was used, as far as reported
 */
public record MeteredAnswer(
        @Nullable String model,
        @Nullable String messageId,
        @Nullable String stopReason,
        boolean started,
        boolean contentStarted,
        boolean complete,
        @Nullable String errorType,
        long outputCharacters,
        TokenUsage usage) {
    /** An answer of which nothing was seen. */
    public static final MeteredAnswer NOTHING =
            new MeteredAnswer(null, null, null, false, false, false, null, 0, TokenUsage.NONE);

    public MeteredAnswer {
        requireNonNull(usage, "usage");
    }
}
