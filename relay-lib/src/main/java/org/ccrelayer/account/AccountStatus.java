package org.ccrelayer.account;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an account is at one moment, as this relay has learned from the upstream's answers. Immutable; holds no secret.
 *
 * @param state {@code in}, {@code half_open}, {@code probing}, {@code cooling}, {@code resting} while its daily quota is used
 *     up, or {@code out}
 * @param reason why it is not in, for people; empty where it is
 * @param until when it may be asked again; null where it is in, or where only an operator can help
 * @param limitedUntil until when single families of models wait
 * @param running how many requests run on it
 * @param fiveHour its 5-hour window
 * @param sevenDay its weekly window
 * @param quota how far its daily quota is used; null where it has none
 */
public record AccountStatus(
        String state,
        String reason,
        @Nullable Instant until,
        Map<String, Instant> limitedUntil,
        int running,
        UsageWindow fiveHour,
        UsageWindow sevenDay,
        @Nullable Quota quota) {
    /** Of an account of which nothing was learned. */
    public static final AccountStatus NEW =
            new AccountStatus("in", "", null, Map.of(), 0, UsageWindow.UNKNOWN, UsageWindow.UNKNOWN, null);

    public AccountStatus {
        requireNonNull(state, "state");
        requireNonNull(reason, "reason");
        limitedUntil = Map.copyOf(limitedUntil);
        requireNonNull(fiveHour, "fiveHour");
        requireNonNull(sevenDay, "sevenDay");
    }

    /** The same with a daily quota: one that is used up keeps the account out until it begins anew. */
    public AccountStatus withQuota(Quota daily) {
        if (!daily.usedUp() || state.equals("out")) {
            return with(state, reason, until, daily);
        }
        boolean later = until != null && until.isAfter(daily.resetsAt());
        return with("resting", "daily quota used up", later ? until : daily.resetsAt(), daily);
    }

    private AccountStatus with(String other, String why, @Nullable Instant end, Quota daily) {
        return new AccountStatus(other, why, end, limitedUntil, running, fiveHour, sevenDay, daily);
    }

    /**
     * A daily quota and what counts against it, as far as this relay knows.
     *
     * @param limitNanoUsd what the account may cost in a day, in billionths of a dollar
     * @param spentNanoUsd what it has cost in this one
     * @param resetsAt when the next day begins
     */
    public record Quota(long limitNanoUsd, long spentNanoUsd, Instant resetsAt) {
        public Quota {
            requireNonNull(resetsAt, "resetsAt");
        }

        /** Whether nothing is left of it. */
        public boolean usedUp() {
            return spentNanoUsd >= limitNanoUsd;
        }
    }

    /**
     * A window of the account's own usage, as the upstream tells it.
     *
     * @param status such as {@code allowed_warning}; null where it was not told
     * @param utilization the used part, 0 to 1; null likewise
     * @param resetsAt when it ends; null likewise
     */
    public record UsageWindow(
            @Nullable String status,
            @Nullable Double utilization,
            @Nullable Instant resetsAt) {
        /** Nothing was told. */
        public static final UsageWindow UNKNOWN = new UsageWindow(null, null, null);
    }
}
