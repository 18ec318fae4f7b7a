package org.ccrelayer.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.usage.UsagePeriod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** When days and weeks of budgets begin and end. */
class BudgetPeriodTest {
    private static final ZoneOffset EIGHT = ZoneOffset.ofHours(8);

    @ParameterizedTest
    @CsvFileSource(resources = "/limit/weeks-at-utc+8.csv", numLinesToSkip = 1)
    void aWeekBeginsWhereThePredecessorBeginsIt(
            Instant at, int resetDay, int resetHour, String period, String date, String hour) {
        BudgetPeriod week = BudgetPeriod.week(at, EIGHT, new Budgets.Weekly(1, "all", resetDay, resetHour));
        DateTimeFormatter format = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH");
        assertThat(format.format(OffsetDateTime.ofInstant(week.start(), EIGHT))).isEqualTo(period);
        assertThat(week.holds(at)).isTrue();
        assertThat(UsagePeriod.DAY.name(at, EIGHT)).isEqualTo(date);
        assertThat(UsagePeriod.HOUR.name(at, EIGHT)).isEqualTo(date + ":" + (hour.length() == 1 ? "0" + hour : hour));
    }

    @Test
    void everyMomentIsInOneDayAndOneWeekThatBeginAtFullHours() {
        Random random = new Random(20261122);
        for (int round = 0; round < 5_000; round++) {
            Instant at = Instant.ofEpochMilli(random.nextLong(0, 4_102_444_800_000L));
            ZoneOffset zone = ZoneOffset.ofHours(random.nextInt(-12, 15));
            Budgets.Weekly weekly = new Budgets.Weekly(1, "all", random.nextInt(1, 8), random.nextInt(24));
            assertPeriod(BudgetPeriod.day(at, zone), at, Duration.ofDays(1));
            BudgetPeriod week = BudgetPeriod.week(at, zone, weekly);
            assertPeriod(week, at, Duration.ofDays(7));
            assertThat(BudgetPeriod.week(week.end(), zone, weekly).start()).isEqualTo(week.end());
        }
    }

    private static void assertPeriod(BudgetPeriod period, Instant at, Duration length) {
        assertThat(period.holds(at)).isTrue();
        assertThat(period.holds(period.end())).isFalse();
        assertThat(Duration.between(period.start(), period.end())).isEqualTo(length);
        assertThat(period.start().getEpochSecond() % 3_600).isZero();
        assertThat(period.start().getNano()).isZero();
    }
}
