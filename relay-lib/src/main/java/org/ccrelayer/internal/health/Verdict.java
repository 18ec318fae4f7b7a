package org.ccrelayer.internal.health;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an answer of an upstream, or its absence, means for the account and for the request. Immutable; holds nothing that
 * the upstream wrote but a well-formed error code.
 *
 * @param kind what happened
 * @param scope what is kept out by it
 * @param family the family of the models it is about; empty where it is not known, which it is in scope {@code FAMILY}
 * @param until when what is kept out may return, within the kind's longest time; null where nothing was said
 * @param retryAfter how long the upstream asks to wait, positive and within the kind's longest time; null where it does not
 * @param anotherMayHelp whether another account may serve the request
 * @param inPlaceMayHelp whether the same account may serve it when asked again
 * @param reason in a few words, for people
 * @param status what the upstream answered; 0 where it did not
 */
public record Verdict(
        Kind kind,
        Scope scope,
        String family,
        @Nullable Instant until,
        @Nullable Duration retryAfter,
        boolean anotherMayHelp,
        boolean inPlaceMayHelp,
        String reason,
        int status) {
    /** What can happen, and how long it keeps something out at most. */
    public enum Kind {
        /** It was answered. */
        OK("answered", Duration.ZERO),
        /** Too much within a moment. */
        TRANSIENT_THROTTLE("throttled for a moment", Duration.ofSeconds(60)),
        /** The account's 5-hour window is used up. */
        FIVE_HOUR_WINDOW("5-hour window used up", Duration.ofHours(5).plusMinutes(5)),
        /** The account's weekly window is used up. */
        WEEKLY_WINDOW("weekly window used up", Duration.ofDays(7).plusMinutes(5)),
        /** The window of one family of models is used up. */
        FAMILY_WINDOW("window of a model family used up", Duration.ofDays(7).plusMinutes(5)),
        /** The account may not spend more until a date. */
        SPEND_CAP("spend limit reached", Duration.ofDays(32)),
        /** The upstream has too much to do. */
        OVERLOADED("overloaded", Duration.ofSeconds(30)),
        /** The upstream failed, or could not be reached. */
        SERVER_ERROR("server error", Duration.ofMinutes(5)),
        /** No answer came in time. */
        TIMEOUT("timed out", Duration.ofMinutes(5)),
        /** The account's credential is refused. */
        CREDENTIAL_BROKEN("credential refused", Duration.ofMinutes(5)),
        /** No token could be obtained for the account. */
        NO_TOKEN("no token", Duration.ofMinutes(5)),
        /** The account's organization is disabled or on hold. */
        ORGANIZATION_DISABLED("organization disabled", Duration.ofMinutes(5)),
        /** The request would be refused anywhere. */
        REQUEST_FAULT("request refused", Duration.ZERO);

        private final String words;
        private final Duration longest;

        Kind(String words, Duration longest) {
            this.words = words;
            this.longest = longest;
        }

        /** In words for people. */
        public String words() {
            return words;
        }

        /** How long it keeps something out at most, before it is asked again. */
        public Duration longest() {
            return longest;
        }

        /** Whether it is upstream trouble that grows longer while it goes on. */
        boolean grows() {
            return this == OVERLOADED || this == SERVER_ERROR || this == TIMEOUT;
        }
    }

    /** What is kept out. */
    public enum Scope {
        /** The whole account. */
        ACCOUNT,
        /** One family of models on this account. */
        FAMILY,
        /** Nothing: it is about this request only. */
        REQUEST,
        /** Nothing, since nothing is wrong. */
        NONE
    }

    public Verdict {
        requireNonNull(kind, "kind");
        requireNonNull(scope, "scope");
        requireNonNull(family, "family");
        requireNonNull(reason, "reason");
        if (scope == Scope.FAMILY && family.isEmpty()) {
            throw new IllegalArgumentException("family: a family's verdict must name it");
        }
        if (retryAfter != null && (retryAfter.isNegative() || retryAfter.isZero())) {
            throw new IllegalArgumentException("retryAfter: must be positive");
        }
    }

    /** A verdict where the upstream did not answer. */
    public Verdict(
            Kind kind,
            Scope scope,
            String family,
            @Nullable Instant until,
            @Nullable Duration retryAfter,
            boolean anotherMayHelp,
            boolean inPlaceMayHelp,
            String reason) {
        this(kind, scope, family, until, retryAfter, anotherMayHelp, inPlaceMayHelp, reason, 0);
    }

    /** The verdict on an answer. */
    public static Verdict ok(String family) {
        return new Verdict(Kind.OK, Scope.NONE, family, null, null, false, false, Kind.OK.words());
    }

    /**
     * The verdict where an account has no token to ask with.
     *
     * @param until when one may be obtained; null where only an operator can help, and then it is looked at again after a while
     * @param reason in a few words, without a secret
     */
    public static Verdict noToken(String family, @Nullable Instant until, Instant now, String reason) {
        Instant again = until == null ? now.plus(Kind.NO_TOKEN.longest()) : until;
        return new Verdict(Kind.NO_TOKEN, Scope.ACCOUNT, family, again, null, true, false, reason);
    }

    /**
     * Whether it is too little to keep an account out when no other is in: trouble of the upstream as a whole, a throttle
     * that names no time, and a 403, which a request alone can cause.
     */
    public boolean soft() {
        return switch (kind) {
            case OVERLOADED, SERVER_ERROR, TIMEOUT -> true;
            case TRANSIENT_THROTTLE -> until == null;
            case CREDENTIAL_BROKEN -> until != null;
            default -> false;
        };
    }

    /**
     * Whether the same account is worth asking again after a moment: it is busy for a time that nobody knows, or its upstream
     * says so of a request that it would else have refused for good.
     */
    public boolean passesInAMoment() {
        boolean brief =
                switch (kind) {
                    case TRANSIENT_THROTTLE, OVERLOADED, REQUEST_FAULT -> true;
                    default -> false;
                };
        return brief && inPlaceMayHelp && until == null && retryAfter == null;
    }

    /** Whether it lasts until an operator changes the account. */
    public boolean lasting() {
        return kind == Kind.ORGANIZATION_DISABLED || kind == Kind.CREDENTIAL_BROKEN && until == null;
    }

    /** The same, but the upstream says whether to try again: not at all, or in place. */
    Verdict shouldRetry(boolean again) {
        return new Verdict(kind, scope, family, until, retryAfter, again && anotherMayHelp, again, reason, status);
    }
}
