package org.ccrelayer.account;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an account is at one moment, as this relay has learned from the upstream's answers. Immutable; holds no secret.
 *
 * @param state {@code in}, {@code half_open}, {@code probing}, {@code cooling} or {@code out}
 * @param reason why it is not in, for people; empty where it is
 * @param until when it may be asked again; null where it is in, or where only an operator can help
 * @param limitedUntil until when single families of models wait
 * @param running how many requests run on it
 * @param fiveHour its 5-hour window
 * @param sevenDay its weekly window
 */
public record AccountStatus(
        String state,
        String reason,
        @Nullable Instant until,
        Map<String, Instant> limitedUntil,
        int running,
        UsageWindow fiveHour,
        UsageWindow sevenDay) {
    /** Of an account of which nothing was learned. */
    public static final AccountStatus NEW =
            new AccountStatus("in", "", null, Map.of(), 0, UsageWindow.UNKNOWN, UsageWindow.UNKNOWN);

    public AccountStatus {
        requireNonNull(state, "state");
        requireNonNull(reason, "reason");
        limitedUntil = Map.copyOf(limitedUntil);
        requireNonNull(fiveHour, "fiveHour");
        requireNonNull(sevenDay, "sevenDay");
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
