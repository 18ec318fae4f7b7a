package org.ccrelayer.internal.envelope;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a request names that only works on the account that made it. Empty texts count as missing. Immutable.
 *
 * @param threadPreviousMessageId {@code thread.previous_message_id}
 * @param diagnosticsPreviousMessageId {@code diagnostics.previous_message_id}
 * @param containerId {@code container}, or its {@code id}
 * @param fileIds the texts of every member named {@code file_id} but those in {@code tools} and in the {@code input} and
 *     {@code citations} of a content block, which use no file; in the order of the body
 * @param skillIds the {@code skill_id} of every custom skill of {@code container}, in the order of the body
 * @param hasFallbackCreditToken whether there is a {@code fallback_credit_token} that is not null
 * @param fallbackCreditToken that token, or its {@code token}, where that is a text; a secret
 */
public record PinnedIds(
        @Nullable String threadPreviousMessageId,
        @Nullable String diagnosticsPreviousMessageId,
        @Nullable String containerId,
        Set<String> fileIds,
        Set<String> skillIds,
        boolean hasFallbackCreditToken,
        @Nullable String fallbackCreditToken) {
    /** Names nothing. */
    public static final PinnedIds NONE = new PinnedIds(null, null, null, Set.of(), Set.of(), false, null);

    public PinnedIds {
        fileIds = Collections.unmodifiableSet(new LinkedHashSet<>(fileIds));
        skillIds = Collections.unmodifiableSet(new LinkedHashSet<>(skillIds));
    }

    /** Names no id. */
    @Override
    public String toString() {
        return "PinnedIds[thread=" + (threadPreviousMessageId != null) + ", diagnostics="
                + (diagnosticsPreviousMessageId != null) + ", container=" + (containerId != null) + ", files="
                + fileIds.size() + ", skills=" + skillIds.size() + ", fallbackCredit=" + hasFallbackCreditToken + "]";
    }
}
