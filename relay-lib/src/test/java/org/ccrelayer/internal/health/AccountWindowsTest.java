package org.ccrelayer.internal.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccrelayer.internal.health.Verdicts.UNIFIED;

import java.time.Duration;
import java.time.Instant;
import org.ccrelayer.internal.health.Window.Status;
import org.ccrelayer.testkit.MovedClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How far windows are used is read from every answer and forgotten when they end. */
class AccountWindowsTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final Instant RESET = START.plus(Duration.ofHours(2));

    private final MovedClock clock = new MovedClock(START);
    private final AccountHealth health = new AccountHealth(clock);

    private HealthSnapshot read(String... fields) {
        health.read("a", WindowReading.of(Verdicts.fields(fields), clock.instant()));
        return health.snapshot("a");
    }

    @Test
    void bothWindowsAndTheirFamiliesAreRead() {
        HealthSnapshot snapshot = read(
                UNIFIED + "status", "allowed",
                UNIFIED + "5h-status", "allowed",
                UNIFIED + "5h-reset", "" + RESET.getEpochSecond(),
                UNIFIED + "5h-utilization", "0.42",
                UNIFIED + "7d-status", "allowed_warning",
                UNIFIED + "7d-reset", "2026-11-25T10:00:00Z",
                UNIFIED + "7d-utilization", "0.8",
                UNIFIED + "7d_opus-utilization", "0.97");
        assertThat(snapshot.fiveHour()).isEqualTo(new Window(Status.ALLOWED, RESET, 0.42));
        assertThat(snapshot.sevenDay())
                .isEqualTo(new Window(Status.ALLOWED_WARNING, START.plus(Duration.ofDays(3)), 0.8));
        assertThat(snapshot.familyWindows()).containsOnlyKeys("opus");
        assertThat(snapshot.warning()).as("that is the weekly window").isFalse();
        assertThat(snapshot.utilization()).isEqualTo(0.42);
    }

    @Test
    void aWarningLastsUntilItsWindowEnds() {
        read(UNIFIED + "5h-status", "allowed_warning", UNIFIED + "5h-reset", RESET.toString());
        clock.moveTo(RESET.minusMillis(1));
        assertThat(health.snapshot("a").warning()).isTrue();
        assertThat(health.snapshot("a").windowEndsAt()).isEqualTo(RESET);
        assertThat(health.snapshot("a").standing("opus")).isEqualTo(Standing.IN);
        clock.moveTo(RESET);
        assertThat(health.snapshot("a")).isEqualTo(HealthSnapshot.NEW);
    }

    @Test
    void aWarningWithoutAnEndLastsNoLongerThanItsWindowCan() {
        read(UNIFIED + "5h-status", "allowed_warning");
        clock.move(Duration.ofHours(3));
        read(UNIFIED + "5h-status", "allowed_warning");
        clock.moveTo(START.plus(Verdict.Kind.FIVE_HOUR_WINDOW.longest()).minusMillis(1));
        assertThat(health.snapshot("a").warning()).isTrue();
        clock.move(Duration.ofMillis(1));
        assertThat(health.snapshot("a").warning()).isFalse();
    }

    @Test
    void theStatusOfAllWindowsStandsForTheFiveHourWindowWhereItCanOnlyBeThat() {
        assertThat(read(UNIFIED + "status", "allowed_warning", UNIFIED + "reset", RESET.toString())
                        .warning())
                .isTrue();
        health.forget("a");
        String inThreeDays = START.plus(Duration.ofDays(3)).toString();
        assertThat(read(UNIFIED + "status", "allowed_warning", UNIFIED + "reset", inThreeDays)
                        .warning())
                .isFalse();
        assertThat(read(
                                UNIFIED + "status", "allowed_warning",
                                UNIFIED + "representative-claim", "seven_day",
                                UNIFIED + "reset", RESET.toString())
                        .warning())
                .isFalse();
    }

    @Test
    void whatIsNotToldAgainStaysWithinItsWindow() {
        read(UNIFIED + "5h-utilization", "0.5", UNIFIED + "5h-reset", RESET.toString());
        assertThat(read(UNIFIED + "5h-status", "allowed").fiveHour()).isEqualTo(new Window(Status.ALLOWED, RESET, 0.5));
        assertThat(read("content-type", "text/event-stream").fiveHour())
                .isEqualTo(new Window(Status.ALLOWED, RESET, 0.5));
        clock.moveTo(RESET);
        assertThat(read(UNIFIED + "5h-status", "allowed").utilization()).isNull();
    }

    @Test
    void accountsWithAWindowNearItsEndAreToBeChosenLast() {
        assertThat(read(UNIFIED + "5h-utilization", "0.89").nearlyUsedUp("opus"))
                .isFalse();
        HealthSnapshot family = read(UNIFIED + "7d_opus-status", "allowed_warning");
        assertThat(family.nearlyUsedUp("opus")).isTrue();
        assertThat(family.nearlyUsedUp("sonnet")).isFalse();
        assertThat(read(UNIFIED + "7d-utilization", "0.9").nearlyUsedUp("sonnet"))
                .isTrue();
    }

    @Test
    void aRejectedWindowOnAnAnswerKeepsNothingOut() {
        HealthSnapshot snapshot = read(UNIFIED + "5h-status", "rejected", UNIFIED + "5h-reset", RESET.toString());
        assertThat(snapshot.standing("opus")).isEqualTo(Standing.IN);
        assertThat(snapshot.warning()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "NaN", "Infinity", "1e3", "", "0x1p3", "half", "0.5.5"})
    void whatIsNoFractionIsNotRead(String text) {
        assertThat(read(UNIFIED + "5h-utilization", text).utilization()).isNull();
    }

    @Test
    void moreThanAllIsAll() {
        assertThat(read(UNIFIED + "5h-utilization", "17").utilization()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1795348800", "1795341600", "2026-11-22T10:00:00Z", "yesterday", "12:00", "1.8e9"})
    void aResetThatIsNotAheadIsNotRead(String text) {
        assertThat(WindowReading.of(Verdicts.fields(UNIFIED + "5h-reset", text), START)
                        .fiveHour()
                        .resetsAt())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999999", "999999999999999999999999999999", "1795348800000", "9999-12-31T23:59:59Z"})
    void aResetThatIsAbsurdlyFarAwayIsBounded(String text) {
        assertThat(WindowReading.of(Verdicts.fields(UNIFIED + "5h-reset", text), START)
                        .fiveHour()
                        .resetsAt())
                .isEqualTo(START.plus(Duration.ofMinutes(305)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-22T12:00:00Z", "2026-11-22T14:00:00+02:00", "2026-11-22T12:00:00.000000+00:00"})
    void resetsComeInEverySpellingOfRfc3339(String text) {
        assertThat(WindowReading.of(Verdicts.fields(UNIFIED + "5h-reset", text), START)
                        .fiveHour()
                        .resetsAt())
                .isEqualTo(RESET);
    }
}
