package org.ccrelayer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Decision;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.limit.LimitUse;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.ccrelayer.usage.UsageSubject;
import org.ccrelayer.usage.UsageTotals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits go by what counts of a price, the ledger by both. */
public abstract class CountedMoneyContract {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final Duration TTL = Duration.ofMinutes(5);
    private static final Tokens TOKENS = new Tokens(1, 2, 3, 4, 5);
    private static final long PRICE = 1_000;

    private final MovedClock clock = new MovedClock(START);
    private RelayStore store;

    /** A store of this kind without any record, by that clock; it is closed after the test. */
    protected abstract RelayStore openEmpty(InstantSource time) throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = openEmpty(clock);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private static KeyLimits limits(BudgetMode mode) {
        Budgets.Weekly weekly = new Budgets.Weekly(100, "opus", 1, 0);
        return KeyLimits.NONE
                .withRate(new RateLimit(60, 0, 0, 100))
                .withBudgets(new Budgets(mode, 100, 100, weekly, null));
    }

    private LimitUse use() {
        return store.limits().use("k", limits(BudgetMode.STANDARD), ZoneOffset.UTC);
    }

    private Claim claim(String exchangeId, BudgetMode mode, long worst) {
        return new Claim(new Lease("k", exchangeId), limits(mode), ZoneOffset.UTC, "opus", worst, TTL);
    }

    private boolean letsIn(String exchangeId, BudgetMode mode, long worst) {
        return store.limits().claim(claim(exchangeId, mode, worst)) instanceof Decision.Granted;
    }

    private static UsageRecord row(String exchangeId, State state, long counted, long reserved) {
        return new UsageRecord(
                exchangeId + "-1",
                exchangeId,
                "k",
                "account",
                "model",
                "opus",
                state,
                TOKENS,
                0,
                state == State.RESERVED ? 0 : PRICE,
                counted,
                10 * reserved,
                reserved,
                false,
                START,
                START,
                START);
    }

    private void assertCounted(long nanoUsd) {
        LimitUse use = use();
        assertThat(use.windowCostNanoUsd()).as("window").isEqualTo(nanoUsd);
        assertThat(use.dailyNanoUsd()).as("day").isEqualTo(nanoUsd);
        assertThat(use.weeklyNanoUsd()).as("week").isEqualTo(nanoUsd);
        assertThat(use.totalNanoUsd()).as("altogether").isEqualTo(nanoUsd);
    }

    @Test
    void everyLimitCountsWhatCountsAndNotThePrice() {
        long sum = 0;
        for (long counted : new long[] {7, 0, 60, 32}) {
            assertThat(letsIn("x" + counted, BudgetMode.STANDARD, 0)).isTrue();
            Samples.book(store.usage(), row("x" + counted, State.FINAL, counted, 0));
            sum += counted;
            assertCounted(sum);
        }
        assertThat(letsIn("y", BudgetMode.STANDARD, 0)).as("at 99 of 100").isTrue();
        Samples.book(store.usage(), row("y", State.ESTIMATED, 1, 0));
        assertThat(letsIn("z", BudgetMode.STANDARD, 0)).as("at 100 of 100").isFalse();
        UsageTotals both = new UsageTotals(5, new Tokens(5, 10, 15, 20, 25), 5 * PRICE, 100);
        for (UsageSubject subject : UsageSubject.of("k", "account", "model")) {
            assertThat(store.usage().totals(subject)).isEqualTo(both);
        }
        assertThat(store.usage().modelsOfKey("k")).containsOnly(Map.entry("model", both));
    }

    @Test
    void whatCountsMayBeMoreThanThePrice() {
        letsIn("x", BudgetMode.STANDARD, 0);
        Samples.book(store.usage(), row("x", State.FINAL, 3 * PRICE, 0));
        assertCounted(3 * PRICE);
        assertThat(store.usage().totals()).isEqualTo(new UsageTotals(1, TOKENS, PRICE, 3 * PRICE));
    }

    @Test
    void aVoidRowCountsForNothingWhateverItsAmounts() {
        letsIn("x", BudgetMode.STANDARD, 0);
        Samples.book(store.usage(), row("x", State.VOID, 9, 0));
        assertCounted(0);
    }

    @Test
    void whatCountsIsTakenOffWhatWasReserved() {
        assertThat(letsIn("x", BudgetMode.STRICT, 90)).isTrue();
        assertThat(letsIn("y", BudgetMode.STRICT, 11)).isFalse();
        Samples.book(store.usage(), row("x", State.FINAL, 30, 90));
        assertThat(use().reservedNanoUsd()).as("of 90").isEqualTo(60);
        assertThat(store.limits().cover(claim("x", BudgetMode.STRICT, 90))).isFalse();
        assertThat(store.limits().cover(claim("x", BudgetMode.STRICT, 70))).isTrue();
        assertThat(use().reservedNanoUsd()).isEqualTo(70);
    }

    @Test
    void aRowThatNobodySettlesIsBookedWithItsWorstPriceAndWhatWasReserved() {
        letsIn("x", BudgetMode.STRICT, 40);
        UsageRecord row = row("x", State.RESERVED, 0, 40);
        store.usage().open(row);
        assertThat(store.usage().find("x-1")).contains(row);
        clock.move(TTL.multipliedBy(2));
        assertThat(store.limits().reap()).isEqualTo(1);
        UsageRecord booked = store.usage().find("x-1").orElseThrow();
        assertThat(booked).isEqualTo(row.lost(clock.instant()));
        assertThat(booked.costNanoUsd()).isEqualTo(400);
        assertThat(booked.countedNanoUsd()).isEqualTo(40);
        assertThat(use().totalNanoUsd()).isEqualTo(40);
        assertThat(store.usage().totalsOfKey("k")).isEqualTo(new UsageTotals(1, TOKENS, 400, 40));
    }
}
