package org.ccrelayer.apikey;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * What a relay key may spend, in billionths of a US dollar. Zero means no limit. Immutable.
 *
 * @param mode what becomes of a request that the budget does not allow
 * @param dailyNanoUsd per day
 * @param totalNanoUsd altogether
 * @param weekly per week
 * @param timezoneOffsetHours the zone in which days and weeks begin, -12 to 14 hours from UTC; null means the relay's own
 */
public record Budgets(
        BudgetMode mode,
        long dailyNanoUsd,
        long totalNanoUsd,
        Weekly weekly,
        @Nullable Integer timezoneOffsetHours) {
    /** No limit. */
    public static final Budgets NONE = new Budgets(BudgetMode.STANDARD, 0, 0, Weekly.NONE, null);

    private static final int NANO_DIGITS = 9;

    public Budgets {
        requireNonNull(mode, "mode");
        requireNonNull(weekly, "weekly");
        if (dailyNanoUsd < 0 || totalNanoUsd < 0) {
            throw new IllegalArgumentException("budgets must not be negative");
        }
        if (timezoneOffsetHours != null && (timezoneOffsetHours < -12 || timezoneOffsetHours > 14)) {
            throw new IllegalArgumentException("timezoneOffset: must be -12 to 14");
        }
    }

    /**
     * So many US dollars per day.
     *
     * @throws IllegalArgumentException if they are negative or have more than 9 decimals
     */
    public static Budgets daily(BigDecimal usd) {
        return new Budgets(BudgetMode.STANDARD, nano(usd), 0, Weekly.NONE, null);
    }

    /**
     * So many US dollars altogether.
     *
     * @throws IllegalArgumentException if they are negative or have more than 9 decimals
     */
    public static Budgets total(BigDecimal usd) {
        return new Budgets(BudgetMode.STANDARD, 0, nano(usd), Weekly.NONE, null);
    }

    private static long nano(BigDecimal usd) {
        try {
            return usd.movePointRight(NANO_DIGITS).longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "budgets are amounts of US dollars up to nine billion with at most 9 decimals", e);
        }
    }

    /** The same in another mode. */
    public Budgets withMode(BudgetMode other) {
        return new Budgets(other, dailyNanoUsd, totalNanoUsd, weekly, timezoneOffsetHours);
    }

    /** Where days and weeks begin, given where the relay's do. */
    public ZoneOffset zone(ZoneOffset relays) {
        return timezoneOffsetHours == null ? relays : ZoneOffset.ofHours(timezoneOffsetHours);
    }

    /** Whether any budget is set. */
    public boolean active() {
        return dailyNanoUsd > 0 || totalNanoUsd > 0 || weekly.nanoUsd() > 0;
    }

    /**
     * A budget that starts anew each week.
     *
     * @param nanoUsd billionths of a US dollar per week
     * @param scope the family of models whose cost counts, such as {@code opus}; {@link #ALL} counts every model
     * @param resetDay the day on which a week begins, 1 (Monday) to 7 (Sunday)
     * @param resetHour the hour at which it begins, 0 to 23
     */
    public record Weekly(long nanoUsd, String scope, int resetDay, int resetHour) {
        /** The scope of every model. */
        public static final String ALL = "all";

        /** No limit; weeks begin on Monday at midnight. */
        public static final Weekly NONE = new Weekly(0, ALL, 1, 0);

        public Weekly {
            requireNonNull(scope, "scope");
            if (nanoUsd < 0) {
                throw new IllegalArgumentException("budgets must not be negative");
            }
            if (resetDay < 1 || resetDay > 7 || resetHour < 0 || resetHour > 23) {
                throw new IllegalArgumentException("a week begins on day 1 to 7 at hour 0 to 23");
            }
        }

        /** Whether what a model of that family costs counts. A model of unknown family (an empty text) always does. */
        public boolean counts(String family) {
            return counts(scope, family);
        }

        /** Whether what a model of that family costs counts in that scope. */
        public static boolean counts(String scope, String family) {
            return scope.equals(ALL) || family.isEmpty() || scope.equals(family);
        }
    }
}
