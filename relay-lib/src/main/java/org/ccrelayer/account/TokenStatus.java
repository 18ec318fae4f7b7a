package org.ccrelayer.account;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the token is that an account obtained. Immutable; holds no secret.
 *
 * @param expiresAt when it ends; null where there is none
 * @param refreshedAt when it was obtained; null likewise
 * @param problem why the latest call for another one gave none, for people; null where it gave one
 */
public record TokenStatus(
        @Nullable Instant expiresAt,
        @Nullable Instant refreshedAt,
        @Nullable String problem) {
    /** The problem where nobody knows whether a call gave a token, as after a crash. */
    public static final String OUTCOME_UNKNOWN = "refresh outcome unknown";

    /** Of an account that obtained none. */
    public static final TokenStatus NONE = new TokenStatus(null, null, null);

    /**
     * How it is.
     *
     * @param kept what is kept of it
     * @param running whether a call for another one is under way
     */
    public static TokenStatus of(Optional<StoredToken> kept, boolean running) {
        return kept.map(token -> of(token, running)).orElse(NONE);
    }

    private static TokenStatus of(StoredToken token, boolean running) {
        StoredToken.Access access = token.access();
        StoredToken.Failure failure = token.failure();
        String lost = token.intent() != null && !running ? OUTCOME_UNKNOWN : null;
        return new TokenStatus(
                access == null ? null : access.expiresAt(),
                access == null ? null : access.obtainedAt(),
                failure == null ? lost : failure.problem());
    }
}
