package org.ccrelayer.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.ccrelayer.internal.health.Standing.State;
import org.ccrelayer.internal.health.Verdict.Kind;
import org.ccrelayer.testkit.MovedClock;
import org.junit.jupiter.api.Test;

/** What is kept out comes back at its time, one request first, and nothing else is kept out with it. */
class AccountHealthTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final Instant RESET = START.plus(Duration.ofHours(2));

    private final MovedClock clock = new MovedClock(START);
    private final AccountHealth health = new AccountHealth(clock);

    private Standing standing(String family) {
        return health.snapshot("a").standing(family);
    }

    private void fail(int status, String... fields) {
        health.record("a", Verdicts.of(status, clock.instant(), fields));
    }

    private void useUpFiveHours() {
        health.record("a", Verdicts.fiveHours(clock.instant(), RESET));
    }

    @Test
    void anAccountOfWhichNothingIsKnownIsIn() {
        assertThat(health.snapshot("a")).isEqualTo(HealthSnapshot.NEW);
        assertThat(health.tryProbe("a", "opus")).isTrue();
        assertThat(health.tryProbe("a", "opus")).isTrue();
        assertThat(health.remembered()).isZero();
    }

    @Test
    void aUsedUpWindowKeepsTheAccountOutUntilItsResetAndThenOneRequestTries() {
        useUpFiveHours();
        assertThat(health.snapshot("a").coolingUntil()).contains(RESET);
        assertThat(health.snapshot("a").reason()).isEqualTo("5-hour window used up (429)");
        assertThat(standing("sonnet").soft()).isFalse();
        clock.moveTo(RESET.minusMillis(1));
        assertThat(health.tryProbe("a", "opus")).isFalse();
        clock.moveTo(RESET);
        assertThat(standing("opus").state()).isEqualTo(State.HALF_OPEN);
        assertThat(health.tryProbe("a", "opus")).isTrue();
        assertThat(health.snapshot("a").probing()).isTrue();
        assertThat(health.tryProbe("a", "sonnet")).isFalse();
        assertThat(standing("sonnet").soft()).as("usable where nothing else is").isTrue();
        health.recordSuccess("a", "opus");
        assertThat(health.snapshot("a")).isEqualTo(HealthSnapshot.NEW);
    }

    @Test
    void aProbeThatFailsKeepsOutAgain() {
        useUpFiveHours();
        clock.moveTo(RESET);
        assertThat(health.tryProbe("a", "opus")).isTrue();
        health.record("a", Verdicts.fiveHours(RESET, RESET.plusSeconds(60)));
        assertThat(health.snapshot("a").coolingUntil()).contains(RESET.plusSeconds(60));
    }

    @Test
    void aProbeThatIsNotHeardOfLetsAnotherTryAfterHalfAMinute() {
        fail(500);
        clock.move(Cooldown.FIRST);
        assertThat(health.tryProbe("a", "opus")).isTrue();
        clock.move(Duration.ofSeconds(30).minusMillis(1));
        assertThat(health.tryProbe("a", "opus")).isFalse();
        clock.move(Duration.ofMillis(1));
        assertThat(health.tryProbe("a", "opus")).isTrue();
        assertThat(health.tryProbe("a", "opus")).isFalse();
    }

    @Test
    void aProbeThatTellsNothingIsGivenBack() {
        fail(500);
        clock.move(Cooldown.FIRST);
        assertThat(health.tryProbe("a", "opus")).isTrue();
        fail(400);
        assertThat(standing("opus").state()).isEqualTo(State.HALF_OPEN);
        assertThat(health.tryProbe("a", "opus")).isTrue();
        health.giveBack("a", "opus");
        assertThat(health.tryProbe("a", "opus")).isTrue();
    }

    @Test
    void ofManyRequestsOneGetsTheProbe() throws Exception {
        int threads = 64;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 20; round++) {
                health.record("a", Verdicts.of(529, clock.instant()));
                clock.move(Kind.OVERLOADED.longest());
                CountDownLatch ready = new CountDownLatch(threads);
                List<Future<Boolean>> tries = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    tries.add(pool.submit(() -> {
                        ready.countDown();
                        ready.await();
                        return health.tryProbe("a", "opus");
                    }));
                }
                int let = 0;
                for (Future<Boolean> tried : tries) {
                    let += tried.get() ? 1 : 0;
                }
                assertThat(let).isEqualTo(1);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aResetlessThrottleNeverBenchesAnAccount() {
        for (int i = 0; i < 1_000; i++) {
            fail(429);
            health.record("a", Verdicts.of("", 429, clock.instant()));
            assertThat(standing("opus").soft()).isTrue();
            assertThat(standing("sonnet").soft()).isTrue();
            assertThat(standing("opus").until())
                    .isBeforeOrEqualTo(clock.instant().plusSeconds(1));
            clock.move(Duration.ofMillis(300));
        }
        clock.move(Duration.ofSeconds(1));
        assertThat(health.tryProbe("a", "opus")).isTrue();
        assertThat(health.tryProbe("a", "opus")).as("all are let in at once").isTrue();
    }

    @Test
    void aFamilysLimitLeavesTheOtherFamiliesAndTheAccountIn() {
        Instant end = START.plus(Duration.ofDays(3));
        health.record("a", Verdicts.familyLimit("opus", START, end));
        assertThat(health.snapshot("a").limitedUntil()).containsExactly(Map.entry("opus", end));
        assertThat(standing("opus").open()).isFalse();
        assertThat(standing("opus").soft()).isFalse();
        for (String other : List.of("sonnet", "haiku", "")) {
            assertThat(standing(other)).isEqualTo(Standing.IN);
            assertThat(health.tryProbe("a", other)).isTrue();
        }
        clock.moveTo(end);
        assertThat(health.tryProbe("a", "opus")).isTrue();
        assertThat(health.tryProbe("a", "opus")).isFalse();
        assertThat(health.tryProbe("a", "sonnet")).isTrue();
        health.recordSuccess("a", "opus");
        assertThat(health.tryProbe("a", "opus")).isTrue();
    }

    @Test
    void anotherFamilysSuccessDoesNotEndAFamilysLimit() {
        health.record("a", Verdicts.familyLimit("opus", START, RESET));
        clock.moveTo(RESET);
        assertThat(health.tryProbe("a", "opus")).isTrue();
        health.recordSuccess("a", "sonnet");
        assertThat(standing("opus").state()).isEqualTo(State.PROBING);
    }

    @Test
    void overloadOfAllAccountsLeavesAllUsable() {
        List<String> all = List.of("a", "b", "c");
        for (int i = 0; i < 50; i++) {
            for (String id : all) {
                health.record(id, Verdicts.of(529, clock.instant()));
                assertThat(health.snapshot(id).standing("opus").until())
                        .isBeforeOrEqualTo(clock.instant().plus(Kind.OVERLOADED.longest()));
            }
            assertThat(all).allMatch(id -> health.snapshot(id).standing("opus").soft());
            clock.move(Duration.ofSeconds(7));
        }
    }

    @Test
    void requestsThatFailTogetherCountOnce() {
        for (int i = 0; i < 64; i++) {
            fail(529);
            clock.move(Duration.ofMillis(10));
        }
        assertThat(health.snapshot("a").coolingUntil()).contains(START.plus(Cooldown.FIRST));
    }

    @Test
    void aSuccessStartsTheGrowthAnew() {
        for (int i = 0; i < 5; i++) {
            fail(500);
            clock.moveTo(standing("opus").until());
        }
        health.recordSuccess("a", "opus");
        fail(500);
        assertThat(standing("opus").until()).isEqualTo(clock.instant().plus(Cooldown.FIRST));
    }

    @Test
    void anAnswerThatWasUnderWayDoesNotUndoAWindow() {
        useUpFiveHours();
        health.recordSuccess("a", "opus");
        assertThat(health.snapshot("a").coolingUntil()).contains(RESET);
        fail(529);
        fail(429);
        assertThat(health.snapshot("a").coolingUntil()).contains(RESET);
        assertThat(health.snapshot("a").account().kind()).isEqualTo(Kind.FIVE_HOUR_WINDOW);
    }

    @Test
    void anAnswerThatWasUnderWayEndsSoftTrouble() {
        fail(529);
        health.recordSuccess("a", "opus");
        assertThat(standing("opus")).isEqualTo(Standing.IN);
    }

    @Test
    void theLaterOfTwoWindowsCounts() {
        useUpFiveHours();
        Instant later = RESET.plus(Duration.ofDays(1));
        fail(429, Verdicts.UNIFIED + "7d-status", "rejected", Verdicts.UNIFIED + "7d-reset", later.toString());
        useUpFiveHours();
        assertThat(health.snapshot("a").coolingUntil()).contains(later);
        assertThat(health.snapshot("a").account().kind()).isEqualTo(Kind.WEEKLY_WINDOW);
    }

    @Test
    void aBrokenCredentialIsTriedOnceAndThenWaitsForAnOperator() {
        fail(401);
        fail(401);
        assertThat(health.snapshot("a").credentialBroken()).isTrue();
        assertThat(health.snapshot("a").reason()).isEqualTo("credential refused (401)");
        clock.move(Cooldown.RECHECK.minusMillis(1));
        assertThat(health.tryProbe("a", "opus")).isFalse();
        clock.move(Duration.ofMillis(1));
        assertThat(health.tryProbe("a", "opus")).isTrue();
        assertThat(standing("opus").soft())
                .as("nobody else may, even where nothing else is")
                .isFalse();
        fail(401);
        clock.move(Duration.ofDays(1_000));
        health.recordSuccess("a", "opus");
        assertThat(standing("opus").state()).isEqualTo(State.OUT);
        assertThat(health.tryProbe("a", "opus")).isFalse();
        health.forget("a");
        assertThat(health.snapshot("a")).isEqualTo(HealthSnapshot.NEW);
    }

    @Test
    void aCredentialThatWorksAgainIsIn() {
        fail(401);
        clock.move(Cooldown.RECHECK);
        assertThat(health.tryProbe("a", "opus")).isTrue();
        health.recordSuccess("a", "opus");
        assertThat(health.snapshot("a")).isEqualTo(HealthSnapshot.NEW);
    }

    @Test
    void aForbiddenRequestCannotTakeAccountsOutForGood() {
        for (int i = 0; i < 20; i++) {
            fail(403);
            assertThat(standing("opus").soft()).isTrue();
            assertThat(standing("opus").until()).isEqualTo(clock.instant().plus(Cooldown.RECHECK));
            clock.move(Cooldown.RECHECK);
            assertThat(health.tryProbe("a", "opus")).isTrue();
        }
    }

    @Test
    void accountsThatAreGoneAreForgotten() {
        Stream.of("a", "b", "c").forEach(id -> health.record(id, Verdicts.of(500, START)));
        health.retainOnly(Set.of("b"));
        assertThat(health.remembered()).isEqualTo(1);
        assertThat(health.snapshot("b").account().state()).isEqualTo(State.COOLING);
    }

    @Test
    void memoryIsBounded() {
        for (int i = 0; i < AccountHealth.MOST_ACCOUNTS + 100; i++) {
            health.record("a" + i, Verdicts.of(500, START));
        }
        assertThat(health.remembered()).isEqualTo(AccountHealth.MOST_ACCOUNTS);
        for (int i = 0; i < AccountHealth.MOST_FAMILIES + 100; i++) {
            String family = "family" + (char) ('a' + i % 26) + (char) ('a' + i / 26);
            health.record(
                    "x",
                    new Verdict(Kind.FAMILY_WINDOW, Verdict.Scope.FAMILY, family, RESET, null, true, false, "full"));
        }
        assertThat(health.snapshot("x").families()).hasSize(AccountHealth.MOST_FAMILIES);
        clock.moveTo(RESET);
        health.record("x", Verdicts.familyLimit("opus", RESET, RESET.plusSeconds(9)));
        assertThat(health.snapshot("x").families()).hasSizeLessThanOrEqualTo(AccountHealth.MOST_FAMILIES);
    }
}
