package org.ccrelayer.account;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of the tokens that an account obtains. Immutable; prints no secret.
 *
 * @param accountId the account
 * @param origin what they are obtained with, as {@link TokenOrigin} tells; for another origin they are of no use
 * @param access the token that requests carry; null where there is none
 * @param refreshToken the latest refresh token that came back; null where none did
 * @param intent a call that was about to be made and whose outcome is not known; null where it is
 * @param failure why the latest call gave no token; null where it gave one
 */
public record StoredToken(
        String accountId,
        String origin,
        @Nullable Access access,
        @Nullable Secret refreshToken,
        @Nullable Intent intent,
        @Nullable Failure failure) {
    /**
     * A token that requests carry.
     *
     * @param token the token
     * @param expiresAt when it ends
     * @param obtainedAt when it was asked for
     */
    public record Access(Secret token, Instant expiresAt, Instant obtainedAt) {
        public Access {
            requireNonNull(token, "token");
            requireNonNull(expiresAt, "expiresAt");
            requireNonNull(obtainedAt, "obtainedAt");
        }
    }

    /**
     * A call that is about to be made.
     *
     * @param by who makes it; no two calls have the same
     * @param at when
     */
    public record Intent(String by, Instant at) {
        public Intent {
            requireNonNull(by, "by");
            requireNonNull(at, "at");
        }
    }

    /**
     * A call that gave no token.
     *
     * @param problem why, for people; holds no secret
     * @param inARow how many calls have given none since the last that did, 1 or more
     * @param againAt from when on another call may be made; null where only an operator can help
     */
    public record Failure(
            String problem, int inARow, @Nullable Instant againAt) {
        public Failure {
            requireNonNull(problem, "problem");
            if (inARow < 1) {
                throw new IllegalArgumentException("inARow: must be 1 or more");
            }
        }

        /** Whether no call may be made at {@code now}. */
        public boolean standsAt(Instant now) {
            return againAt == null || now.isBefore(againAt);
        }
    }

    public StoredToken {
        requireNonNull(accountId, "accountId");
        requireNonNull(origin, "origin");
    }

    /** Nothing yet. */
    public static StoredToken none(String accountId, String origin) {
        return new StoredToken(accountId, origin, null, null, null, null);
    }

    /** The same before a call. */
    public StoredToken intending(Intent call) {
        return new StoredToken(accountId, origin, access, refreshToken, call, failure);
    }

    /** The same after a call that gave a token; the refresh token stays where null came back. */
    public StoredToken obtained(Access given, @Nullable Secret rotated) {
        return new StoredToken(accountId, origin, given, rotated == null ? refreshToken : rotated, null, null);
    }

    /** The same after a call that was refused, or was not made. */
    public StoredToken failed(Failure reason) {
        return new StoredToken(accountId, origin, access, refreshToken, null, reason);
    }

    /** The same after a call that may have been heard, but whose answer was not; it stays intended. */
    public StoredToken unanswered(Failure reason) {
        return new StoredToken(accountId, origin, access, refreshToken, intent, reason);
    }

    /** The same without the token that requests carry. */
    public StoredToken withoutAccess() {
        return new StoredToken(accountId, origin, null, refreshToken, intent, failure);
    }

    /** The same, but another call may be made at once. */
    public StoredToken forgiven() {
        return new StoredToken(accountId, origin, access, refreshToken, intent, null);
    }

    /** Whether requests carry that token. */
    public boolean holds(Secret token) {
        return access != null && access.token().equals(token);
    }
}
