package org.ccrelayer.limit;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.ccrelayer.apikey.Budgets;

/**
 * A day or a week of a budget. Both begin at a full hour of UTC. Immutable.
 *
 * @param start its first moment
 * @param end the first moment of the next one
 */
public record BudgetPeriod(Instant start, Instant end) {
    public BudgetPeriod {
        requireNonNull(start, "start");
        requireNonNull(end, "end");
    }

    /** The day that {@code at} falls in. */
    public static BudgetPeriod day(Instant at, ZoneOffset zone) {
        OffsetDateTime start = OffsetDateTime.ofInstant(at, zone).truncatedTo(ChronoUnit.DAYS);
        return new BudgetPeriod(start.toInstant(), start.plusDays(1).toInstant());
    }

    /** The week that {@code at} falls in, as the weekly budget begins it. */
    public static BudgetPeriod week(Instant at, ZoneOffset zone, Budgets.Weekly weekly) {
        OffsetDateTime local = OffsetDateTime.ofInstant(at, zone);
        int daysBack = Math.floorMod(local.getDayOfWeek().getValue() - weekly.resetDay(), 7);
        OffsetDateTime start =
                local.truncatedTo(ChronoUnit.DAYS).minusDays(daysBack).plusHours(weekly.resetHour());
        OffsetDateTime begun = start.isAfter(local) ? start.minusDays(7) : start;
        return new BudgetPeriod(begun.toInstant(), begun.plusDays(7).toInstant());
    }

    /** Whether {@code at} falls in it. */
    public boolean holds(Instant at) {
        return !at.isBefore(start) && at.isBefore(end);
    }
}
