package org.ccrelayer.internal.admission;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.CountedRate;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Refusal;
import org.ccrelayer.usage.Cost;
import org.jspecify.annotations.Nullable;

/**
 * A refusal in words for the person who meets it: which limit, its value, what counts against it, and when it frees up.
 *
 * @param refusal why there is no room
 * @param claim what was asked for
 * @param worst the most that the request can cost, where that is reserved
 * @param rate what counts of that
 */
record NoRoom(Refusal refusal, Claim claim, Optional<WorstCase> worst, CountedRate rate) {
    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    /** The refusal as the request's end. */
    RelayException told(Instant now) {
        return switch (refusal.limit()) {
            case CONCURRENCY ->
                new RelayException(
                                Outcome.CONCURRENCY_LIMITED,
                                "This relay key may run " + refusal.value() + " requests at the same time, and "
                                        + refusal.current() + " are running. Try again when one of them has ended.")
                        .retryAfter(A_MOMENT);
            case WINDOW_REQUESTS -> window(now, refusal.value() + " requests", refusal.current() + " were made");
            case WINDOW_TOKENS -> window(now, refusal.value() + " tokens", refusal.current() + " were used");
            case WINDOW_COST -> window(now, usd(refusal.value()), usd(refusal.current()) + " were spent");
            case DAILY_BUDGET, TOTAL_BUDGET, WEEKLY_BUDGET -> budget(now);
        };
    }

    private RelayException window(Instant now, String value, String current) {
        return freeing(new RelayException(
                Outcome.RATE_LIMITED,
                "The rate limit of this relay key is " + value + " per "
                        + claim.limits().rate().windowMinutes() + " minutes, and " + current + "." + reset(now)));
    }

    private RelayException budget(Instant now) {
        String budget = "The " + budgetName() + " of this relay key is " + usd(refusal.value()) + ", and "
                + usd(refusal.current()) + " of it are spent";
        String most = usd(claim.worstNanoUsd());
        return switch (refusal.cause()) {
            case USED_UP -> freeing(new RelayException(Outcome.BUDGET_SPENT, budget + "." + reset(now)));
            case RESERVED ->
                new RelayException(
                                Outcome.BUDGET_RESERVED,
                                budget + " and " + usd(refusal.reserved())
                                        + " are reserved by running requests. This request may cost up to " + most
                                        + ". Try again when one of them has ended.")
                        .retryAfter(A_MOMENT);
            case TOO_LITTLE_LEFT ->
                freeing(new RelayException(
                        Outcome.BUDGET_TOO_SMALL,
                        budget + ", so " + usd(refusal.left()) + " are left. This request may cost up to " + most + ". "
                                + fitting() + reset(now)));
        };
    }

    private String budgetName() {
        return switch (refusal.limit()) {
            case DAILY_BUDGET -> "daily budget";
            case WEEKLY_BUDGET -> weeklyName(claim.limits().budgets().weekly().scope());
            default -> "total budget";
        };
    }

    private static String weeklyName(String scope) {
        return scope.equals(Budgets.Weekly.ALL)
                ? "weekly budget"
                : scope.substring(0, 1).toUpperCase(Locale.ROOT) + scope.substring(1) + " weekly budget";
    }

    private String fitting() {
        OptionalLong largest = worst.map(most -> most.largestMaxTokens(rate.highest(refusal.left())))
                .orElse(OptionalLong.empty());
        return largest.isPresent()
                ? "With a max_tokens of at most " + largest.getAsLong() + " it fits."
                : "It does not fit with any max_tokens; send less, or use a cheaper model.";
    }

    private String reset(Instant now) {
        Duration freesIn = refusal.freesIn();
        return freesIn == null
                ? " It does not reset; ask the relay's operator to raise it."
                : " It starts anew at " + now.plus(freesIn).plusMillis(500).truncatedTo(ChronoUnit.SECONDS) + ".";
    }

    private RelayException freeing(RelayException told) {
        @Nullable Duration freesIn = refusal.freesIn();
        return freesIn == null ? told : told.retryAfter(freesIn);
    }

    /** Whole cents at least, and no digit left out. */
    private static String usd(long nanoUsd) {
        BigDecimal exact = Cost.usd(nanoUsd);
        return "$"
                + exact.setScale(Math.max(2, exact.scale()), RoundingMode.UNNECESSARY)
                        .toPlainString();
    }
}
