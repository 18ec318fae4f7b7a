package org.ccrelayer.account;

import java.time.Instant;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What an operator agreed for an account, and until when it holds. Immutable.
 *
 * @param dailyQuotaNanoUsd what it may cost in a day, in billionths of a US dollar; 0 means any amount
 * @param quotaResetAt the time of day at which that day begins, in the relay's zone, to the minute
 * @param endsAt from when on it is not used any more, as a subscription ends; null means never
 * @param interceptWarmup whether a client's own warm-up requests are answered without it
 * @param restsUntil until when somebody else who shares the store has taken it out; null where nobody has. It is read, and
 *     not written
 */
public record AccountTerms(
        long dailyQuotaNanoUsd,
        LocalTime quotaResetAt,
        @Nullable Instant endsAt,
        boolean interceptWarmup,
        @Nullable Instant restsUntil) {
    /** Nothing is agreed. */
    public static final AccountTerms NONE = new AccountTerms(0, LocalTime.MIDNIGHT, null, false, null);

    public AccountTerms {
        quotaResetAt = quotaResetAt.truncatedTo(ChronoUnit.MINUTES);
        if (dailyQuotaNanoUsd < 0) {
            throw new IllegalArgumentException("dailyQuota: must not be negative");
        }
    }

    /** The same, but nobody else has taken it out. */
    AccountTerms awake() {
        return restsUntil == null
                ? this
                : new AccountTerms(dailyQuotaNanoUsd, quotaResetAt, endsAt, interceptWarmup, null);
    }

    /** Whether the account has ended at {@code now}. */
    public boolean endedAt(Instant now) {
        return endsAt != null && !now.isBefore(endsAt);
    }

    /** Whether it rests at {@code now}. */
    public boolean restsAt(Instant now) {
        return restsUntil != null && now.isBefore(restsUntil);
    }
}
