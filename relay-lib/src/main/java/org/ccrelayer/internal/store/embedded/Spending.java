package org.ccrelayer.internal.store.embedded;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.limit.BudgetPeriod;

/**
 * What one relay key spent, altogether and by hour and family of models, in billionths of a dollar as budgets count them. Any day or week is a sum
 * of hours, so a budget whose zone or reset is changed is right at once. Guarded by the book's lock.
 */
final class Spending {
    private static final long HOUR_SECONDS = 3_600;

    /** A week, the day that a time zone can shift it by, and a day in which answers may still end. */
    static final long HOURS_KEPT = 9 * 24;

    private final TreeMap<Long, Map<String, Long>> hours = new TreeMap<>();
    private long total;
    private Sum day = Sum.NONE;
    private Sum week = Sum.NONE;

    /** A sum that was worked out before: it is right as long as the same hours of the same scope are asked for. */
    private record Sum(BudgetPeriod period, String scope, long nanoUsd) {
        static final Sum NONE = new Sum(new BudgetPeriod(Instant.MIN, Instant.MIN), "", 0);

        boolean isOf(BudgetPeriod other, String otherScope) {
            return period.equals(other) && scope.equals(otherScope);
        }

        Sum plus(Instant at, String family, long nanoUsdMore) {
            return period.holds(at) && Budgets.Weekly.counts(scope, family)
                    ? new Sum(period, scope, nanoUsd + nanoUsdMore)
                    : this;
        }
    }

    /** The hour that {@code at} falls in, counted from the epoch. */
    static long hour(Instant at) {
        return Math.floorDiv(at.getEpochSecond(), HOUR_SECONDS);
    }

    /** The first moment of an hour. */
    static Instant start(long hour) {
        return Instant.ofEpochSecond(hour * HOUR_SECONDS);
    }

    /** Puts back what was kept. */
    void restore(long nanoUsd) {
        total = nanoUsd;
    }

    /** Puts back what was kept of an hour. */
    void restore(long hour, String family, long nanoUsd) {
        hours.computeIfAbsent(hour, none -> new HashMap<>(2)).merge(family, nanoUsd, Long::sum);
    }

    void add(Instant at, String family, long nanoUsd) {
        total += nanoUsd;
        restore(hour(at), family, nanoUsd);
        day = day.plus(at, family, nanoUsd);
        week = week.plus(at, family, nanoUsd);
    }

    long total() {
        return total;
    }

    /** What was spent in a day. */
    long inDay(BudgetPeriod period) {
        if (!day.isOf(period, Budgets.Weekly.ALL)) {
            day = sum(period, Budgets.Weekly.ALL);
        }
        return day.nanoUsd();
    }

    /** What was spent in a week on the models that count. */
    long inWeek(BudgetPeriod period, String scope) {
        if (!week.isOf(period, scope)) {
            week = sum(period, scope);
        }
        return week.nanoUsd();
    }

    private Sum sum(BudgetPeriod period, String scope) {
        long nanoUsd = 0;
        for (Map<String, Long> families :
                hours.subMap(hour(period.start()), hour(period.end())).values()) {
            for (Map.Entry<String, Long> family : families.entrySet()) {
                nanoUsd += Budgets.Weekly.counts(scope, family.getKey()) ? family.getValue() : 0;
            }
        }
        return new Sum(period, scope, nanoUsd);
    }

    /** What was spent in an hour on a family of models. */
    long inHour(long hour, String family) {
        return hours.getOrDefault(hour, Map.of()).getOrDefault(family, 0L);
    }

    /** Drops the hours before that one. */
    void forgetBefore(long hour) {
        hours.headMap(hour).clear();
    }
}
