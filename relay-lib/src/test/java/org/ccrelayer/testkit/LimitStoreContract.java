package org.ccrelayer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Decision;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.limit.LimitUse;
import org.ccrelayer.limit.Refusal;
import org.ccrelayer.limit.Refusal.Cause;
import org.ccrelayer.limit.Refusal.Limit;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.ccrelayer.usage.UsageTotals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every promise of {@link org.ccrelayer.limit.LimitStore}, on a clock that the test moves. */
public abstract class LimitStoreContract {
    private static final Duration TTL = Duration.ofMinutes(5);
    private static final long DOLLAR = 1_000_000_000L;

    /** A Sunday, ten in the morning. */
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private final MovedClock clock = new MovedClock(START);
    private final AtomicInteger exchanges = new AtomicInteger();
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

    @Test
    void anExchangeWithoutLimitsIsLetInByTheStoresClock() {
        assertThat(claim(KeyLimits.NONE)).isEqualTo(new Decision.Granted(START, null));
        clock.move(Duration.ofSeconds(7));
        assertThat(claim(KeyLimits.NONE)).isEqualTo(new Decision.Granted(START.plusSeconds(7), null));
    }

    @Test
    void asManyRunAtTheSameTimeAsMay() {
        KeyLimits limits = KeyLimits.NONE.withConcurrency(2);
        Lease first = granted(limits);
        granted(limits);
        assertThat(refused(limits)).isEqualTo(new Refusal(Limit.CONCURRENCY, Cause.USED_UP, 2, 2, 0, null));
        store.limits().release(first, false);
        store.limits().release(first, false);
        granted(limits);
        assertThat(refused(limits).current()).isEqualTo(2);
        assertThat(claim("other", limits)).isInstanceOf(Decision.Granted.class);
    }

    @Test
    void aLeaseThatIsNotRenewedNoLongerCounts() {
        KeyLimits limits = KeyLimits.NONE.withConcurrency(1);
        Lease first = granted(limits);
        clock.move(TTL.minusMillis(1));
        refused(limits);
        assertThat(store.limits().renew(first, TTL, 1)).isTrue();
        clock.move(TTL.minusMillis(1));
        refused(limits);
        clock.move(Duration.ofMillis(1));
        Lease second = granted(limits);
        assertThat(store.limits().renew(first, TTL, 1)).as("its place is taken").isFalse();
        assertThat(use(limits).leases()).isEqualTo(1);
        store.limits().release(second, false);
        assertThat(store.limits().renew(first, TTL, 1))
                .as("there is room again")
                .isTrue();
        refused(limits);
    }

    @Test
    void aClockThatGoesBackLetsNobodyInTwice() {
        KeyLimits limits = KeyLimits.NONE.withConcurrency(1);
        granted(limits);
        clock.move(TTL);
        granted(limits);
        clock.move(TTL.negated());
        assertThat(use(limits).leases()).isEqualTo(1);
        refused(limits);
    }

    @Test
    void aWindowBeginsWithItsFirstRequestAndHasAFixedLength() {
        KeyLimits limits = KeyLimits.NONE.withRate(new RateLimit(60, 2, 0, 0));
        granted(limits);
        clock.move(Duration.ofMinutes(59));
        granted(limits);
        assertThat(refused(limits))
                .isEqualTo(new Refusal(Limit.WINDOW_REQUESTS, Cause.USED_UP, 2, 2, 0, Duration.ofMinutes(1)));
        clock.move(Duration.ofMinutes(1));
        granted(limits);
        assertThat(use(limits).windowRequests()).isEqualTo(1);
        clock.move(Duration.ofMinutes(59));
        granted(limits);
        refused(limits);
    }

    @Test
    void aRequestThatWasFreeIsTakenOffTheWindow() {
        KeyLimits limits = KeyLimits.NONE.withRate(new RateLimit(60, 1, 0, 0));
        store.limits().release(granted(limits), true);
        Lease counted = granted(limits);
        store.limits().release(counted, false);
        refused(limits);
    }

    @Test
    void aFreeRequestOfAnEarlierWindowIsNotTakenOffThisOne() {
        KeyLimits limits = KeyLimits.NONE.withRate(new RateLimit(1, 1, 0, 0));
        Lease early = granted(limits);
        clock.move(Duration.ofMinutes(1));
        granted(limits);
        store.limits().release(early, true);
        refused(limits);
    }

    @Test
    void tokensOfEveryClassAndCostCountInTheWindow() {
        KeyLimits tokens = KeyLimits.NONE.withRate(new RateLimit(10, 0, 15, 0));
        spend(granted("t", tokens), 1);
        assertThat(refused("t", tokens))
                .isEqualTo(new Refusal(Limit.WINDOW_TOKENS, Cause.USED_UP, 15, 15, 0, Duration.ofMinutes(10)));
        KeyLimits cost = KeyLimits.NONE.withRate(new RateLimit(10, 0, 0, 5));
        spend(granted("c", cost), 4);
        spend(granted("c", cost), 2);
        assertThat(refused("c", cost))
                .isEqualTo(new Refusal(Limit.WINDOW_COST, Cause.USED_UP, 5, 6, 0, Duration.ofMinutes(10)));
    }

    @Test
    void whatAnEarlierWindowLetInDoesNotCountInThisOne() {
        KeyLimits limits = KeyLimits.NONE.withRate(new RateLimit(1, 0, 0, 5));
        Lease early = granted(limits);
        clock.move(Duration.ofMinutes(1));
        granted(limits);
        spend(early, START, 100);
        assertThat(use(limits).windowCostNanoUsd()).isZero();
        granted(limits);
    }

    @Test
    void aStandardBudgetIsOverWhenItIsSpent() {
        KeyLimits limits = budgets(BudgetMode.STANDARD, 5 * DOLLAR, 0, Budgets.Weekly.NONE);
        spend(granted(limits), 5 * DOLLAR - 1);
        spend(granted(limits), 3);
        assertThat(refused(limits))
                .isEqualTo(new Refusal(
                        Limit.DAILY_BUDGET, Cause.USED_UP, 5 * DOLLAR, 5 * DOLLAR + 2, 0, Duration.ofHours(14)));
        clock.move(Duration.ofHours(14));
        granted(limits);
    }

    @Test
    void daysBeginInTheKeysOwnZone() {
        KeyLimits limits = budgets(BudgetMode.STANDARD, 1, 0, Budgets.Weekly.NONE);
        ZoneOffset zone = ZoneOffset.ofHours(8);
        spend(granted(limits), 1);
        Decision decision = store.limits().claim(new Claim(lease("k"), limits, zone, "opus", 0, TTL));
        assertThat(((Decision.Refused) decision).refusal().freesIn()).isEqualTo(Duration.ofHours(6));
        clock.move(Duration.ofHours(6));
        assertThat(store.limits().claim(new Claim(lease("k"), limits, zone, "opus", 0, TTL)))
                .isInstanceOf(Decision.Granted.class);
    }

    @Test
    void costCountsInTheDayInWhichItsExchangeWasLetIn() {
        KeyLimits limits = budgets(BudgetMode.STANDARD, 5, 0, Budgets.Weekly.NONE);
        Lease evening = granted(limits);
        clock.move(Duration.ofHours(14));
        spend(evening, START, 7);
        assertThat(use(limits).dailyNanoUsd()).isZero();
        clock.move(Duration.ofHours(-14));
        assertThat(use(limits).dailyNanoUsd()).isEqualTo(7);
        refused(limits);
    }

    @Test
    void aTotalBudgetNeverStartsAnew() {
        KeyLimits limits = budgets(BudgetMode.STANDARD, 0, 5, Budgets.Weekly.NONE);
        spend(granted(limits), 5);
        clock.move(Duration.ofDays(400));
        assertThat(refused(limits)).isEqualTo(new Refusal(Limit.TOTAL_BUDGET, Cause.USED_UP, 5, 5, 0, null));
    }

    @Test
    void aWeeklyBudgetCountsItsScopeFromItsDayAndHour() {
        Budgets.Weekly weekly = new Budgets.Weekly(5, "opus", 1, 6);
        KeyLimits limits = budgets(BudgetMode.STANDARD, 0, 0, weekly);
        spend(granted(limits), START, 4, "sonnet");
        spend(granted(limits), START, 4, "opus");
        assertThat(use(limits).weeklyNanoUsd()).isEqualTo(4);
        spend(granted(limits), START, 1, "");
        assertThat(refused(limits))
                .as("a model of unknown family counts, whatever the scope")
                .isEqualTo(new Refusal(Limit.WEEKLY_BUDGET, Cause.USED_UP, 5, 5, 0, Duration.ofHours(20)));
        assertThat(store.limits().claim(new Claim(lease("k"), limits, ZoneOffset.UTC, "sonnet", 0, TTL)))
                .as("another family is not concerned")
                .isInstanceOf(Decision.Granted.class);
        clock.move(Duration.ofHours(20));
        granted(limits);
    }

    @Test
    void theFirstLimitWithoutRoomIsTold() {
        Budgets budgets = new Budgets(BudgetMode.STANDARD, 1, 1, new Budgets.Weekly(1, "all", 1, 0), null);
        KeyLimits limits = new KeyLimits(
                1, new RateLimit(1, 1, 1, 1), budgets, KeyLimits.NONE.modelsAllowed(), KeyLimits.NONE.modelsDenied());
        Lease first = granted(limits);
        assertThat(refused(limits).limit()).isEqualTo(Limit.CONCURRENCY);
        spend(first, 1);
        assertThat(refused(limits).limit()).isEqualTo(Limit.WINDOW_REQUESTS);
        assertThat(refused(limits.withRate(new RateLimit(1, 0, 1, 1))).limit()).isEqualTo(Limit.WINDOW_TOKENS);
        assertThat(refused(limits.withRate(new RateLimit(1, 0, 0, 1))).limit()).isEqualTo(Limit.WINDOW_COST);
        assertThat(refused(limits.withRate(RateLimit.NONE)).limit()).isEqualTo(Limit.DAILY_BUDGET);
        clock.move(Duration.ofDays(1));
        assertThat(refused(limits.withRate(RateLimit.NONE)).limit()).isEqualTo(Limit.TOTAL_BUDGET);
        clock.move(Duration.ofDays(-1));
        assertThat(refused(budgets(BudgetMode.STANDARD, 0, 0, budgets.weekly())).limit())
                .isEqualTo(Limit.WEEKLY_BUDGET);
    }

    @Test
    void aStrictBudgetReservesTheWorstCase() {
        KeyLimits limits = budgets(BudgetMode.STRICT, 10, 0, Budgets.Weekly.NONE);
        Lease first = granted("k", limits, 6);
        assertThat(use(limits).reservedNanoUsd()).isEqualTo(6);
        assertThat(refused("k", limits, 5))
                .isEqualTo(new Refusal(Limit.DAILY_BUDGET, Cause.RESERVED, 10, 0, 6, Duration.ofHours(14)));
        assertThat(refused("k", limits, 11))
                .isEqualTo(new Refusal(Limit.DAILY_BUDGET, Cause.TOO_LITTLE_LEFT, 10, 0, 6, Duration.ofHours(14)));
        spend(first, 2);
        assertThat(use(limits).reservedNanoUsd()).isZero();
        Lease second = granted("k", limits, 8);
        assertThat(refused("k", limits, 1).cause()).isEqualTo(Cause.RESERVED);
        spend(second, 8);
        assertThat(refused("k", limits, 1).cause()).isEqualTo(Cause.USED_UP);
    }

    @Test
    void whatCanNeverFitIsToldBeforeWhatIsOnlyReserved() {
        KeyLimits limits = budgets(BudgetMode.STRICT, 10, 8, new Budgets.Weekly(7, "all", 1, 0));
        granted("k", limits, 2);
        assertThat(refused("k", limits, 9))
                .isEqualTo(new Refusal(Limit.WEEKLY_BUDGET, Cause.TOO_LITTLE_LEFT, 7, 0, 2, Duration.ofHours(14)));
        assertThat(refused("k", limits, 6).cause()).isEqualTo(Cause.RESERVED);
    }

    @Test
    void aRowThatNobodySettledKeepsItsReservation() {
        KeyLimits limits = budgets(BudgetMode.STRICT, 10, 0, Budgets.Weekly.NONE);
        Lease lease = granted("k", limits, 6);
        UsageRecord row = row(lease, START, 0, "opus", State.RESERVED, 6);
        store.usage().open(row);
        store.limits().release(lease, false);
        assertThat(use(limits)).isEqualTo(new LimitUse(0, 6, 0, 0, 0, 0, 0, 0, 0));
        clock.move(TTL.multipliedBy(2));
        store.limits().reap();
        assertThat(use(limits)).isEqualTo(new LimitUse(0, 0, 0, 0, 0, 6, 6, 6, 0));
    }

    @Test
    void aReservationCountsInEveryBudgetOfItsScope() {
        KeyLimits limits = budgets(BudgetMode.STRICT, 0, 10, new Budgets.Weekly(4, "opus", 1, 0));
        granted("k", limits, 3);
        assertThat(refused("k", limits, 2).limit()).isEqualTo(Limit.WEEKLY_BUDGET);
        Claim sonnet = new Claim(lease("k"), limits, ZoneOffset.UTC, "sonnet", 7, TTL);
        assertThat(store.limits().claim(sonnet)).isInstanceOf(Decision.Granted.class);
        assertThat(refused("k", limits, 1).limit()).isEqualTo(Limit.TOTAL_BUDGET);
    }

    @Test
    void anotherAttemptMustBeCoveredAgain() {
        KeyLimits limits = budgets(BudgetMode.STRICT, 10, 0, Budgets.Weekly.NONE);
        Claim claim = new Claim(lease("k"), limits, ZoneOffset.UTC, "opus", 6, TTL);
        store.limits().claim(claim);
        assertThat(store.limits().cover(claim)).as("nothing was used yet").isTrue();
        book(claim.lease(), START, 3, "opus", State.UNKNOWN);
        assertThat(use(limits).reservedNanoUsd()).isEqualTo(3);
        assertThat(store.limits().cover(claim)).isTrue();
        assertThat(use(limits).reservedNanoUsd()).isEqualTo(6);
        book(claim.lease(), START, 6, "opus", State.UNKNOWN);
        assertThat(store.limits().cover(claim)).as("1 is left of 10").isFalse();
        assertThat(use(limits).reservedNanoUsd()).isZero();
    }

    @Test
    void aShadowBudgetCountsWhatItWouldHaveRefused() {
        KeyLimits limits = budgets(BudgetMode.SHADOW, 5, 0, Budgets.Weekly.NONE);
        spend(granted(limits), 5);
        Decision.Granted decision = (Decision.Granted) claim(limits);
        assertThat(decision.shadowed())
                .isEqualTo(new Refusal(Limit.DAILY_BUDGET, Cause.USED_UP, 5, 5, 0, Duration.ofHours(14)));
        granted(limits);
        assertThat(use(limits).shadowed()).isEqualTo(2);
    }

    @Test
    void whatARelayLeftBehindIsBookedAsUnknownWithItsReservation() {
        KeyLimits limits = budgets(BudgetMode.STRICT, 10, 0, Budgets.Weekly.NONE);
        Lease lost = granted("k", limits, 6);
        UsageRecord row = row(lost, START, 0, "opus", State.RESERVED, 6);
        store.usage().open(row);
        Lease idle = granted("k", limits, 4);
        clock.move(TTL.multipliedBy(2).minusMillis(1));
        assertThat(store.limits().reap()).isZero();
        store.limits().renew(idle, TTL, 0);
        clock.move(Duration.ofMillis(1));
        assertThat(store.limits().reap()).isEqualTo(1);
        UsageRecord booked = store.usage().find(row.id()).orElseThrow();
        assertThat(booked.state()).isEqualTo(State.UNKNOWN);
        assertThat(booked.costNanoUsd()).isEqualTo(6);
        assertThat(use(limits).reservedNanoUsd()).isEqualTo(4);
        assertThat(use(limits).totalNanoUsd()).isEqualTo(6);
        assertThat(store.usage().settle(row.lost(clock.instant())))
                .as("the first end is the last")
                .isFalse();
        assertThat(store.usage().totalsOfKey("k").costNanoUsd()).isEqualTo(6);
    }

    @Test
    void aRowGoesFromReservedOverStreamingToItsEnd() {
        UsageRecord row = row(lease("k"), START, 3, "opus", State.RESERVED, 0);
        store.usage().open(row);
        store.usage().open(row);
        assertThat(store.usage().find(row.id())).contains(row);
        assertThat(store.usage().ofExchange(row.exchangeId())).containsExactly(row);
        assertThat(store.usage().totals()).isEqualTo(UsageTotals.NONE);
        store.usage().streaming(row.id());
        assertThat(store.usage().find(row.id())).contains(row.in(State.STREAMING));
        assertThat(store.usage().settle(row.in(State.FINAL))).isTrue();
        assertThat(store.usage().settle(row.in(State.VOID))).isFalse();
        store.usage().streaming(row.id());
        assertThat(store.usage().find(row.id())).contains(row.in(State.FINAL));
        assertThat(store.usage().totals()).isEqualTo(UsageTotals.NONE.plus(row.in(State.FINAL)));
    }

    @Test
    void aRowThatWasNeverOpenedIsNotBooked() {
        assertThat(store.usage().settle(row(lease("k"), START, 3, "opus", State.FINAL, 0)))
                .isFalse();
        assertThat(store.usage().totals()).isEqualTo(UsageTotals.NONE);
    }

    @Test
    void aVoidRowCountsForNothing() {
        KeyLimits limits = budgets(BudgetMode.STRICT, 10, 0, Budgets.Weekly.NONE);
        Lease lease = granted("k", limits, 6);
        book(lease, START, 5, "opus", State.VOID);
        assertThat(use(limits).reservedNanoUsd())
                .as("another attempt may follow")
                .isEqualTo(6);
        store.limits().release(lease, false);
        assertThat(use(limits)).isEqualTo(new LimitUse(0, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    private static KeyLimits budgets(BudgetMode mode, long daily, long total, Budgets.Weekly weekly) {
        return KeyLimits.NONE.withBudgets(new Budgets(mode, daily, total, weekly, null));
    }

    private Lease lease(String keyId) {
        return new Lease(keyId, "x" + exchanges.incrementAndGet());
    }

    private Decision claim(KeyLimits limits) {
        return claim("k", limits);
    }

    private Decision claim(String keyId, KeyLimits limits) {
        return store.limits().claim(new Claim(lease(keyId), limits, ZoneOffset.UTC, "opus", 0, TTL));
    }

    private Lease granted(KeyLimits limits) {
        return granted("k", limits);
    }

    private Lease granted(String keyId, KeyLimits limits) {
        return granted(keyId, limits, 0);
    }

    private Lease granted(String keyId, KeyLimits limits, long worst) {
        Lease lease = lease(keyId);
        assertThat(store.limits().claim(new Claim(lease, limits, ZoneOffset.UTC, "opus", worst, TTL)))
                .isInstanceOf(Decision.Granted.class);
        return lease;
    }

    private Refusal refused(KeyLimits limits) {
        return refused("k", limits);
    }

    private Refusal refused(String keyId, KeyLimits limits) {
        return refused(keyId, limits, 0);
    }

    private Refusal refused(String keyId, KeyLimits limits, long worst) {
        Decision decision = store.limits().claim(new Claim(lease(keyId), limits, ZoneOffset.UTC, "opus", worst, TTL));
        assertThat(decision).isInstanceOf(Decision.Refused.class);
        return ((Decision.Refused) decision).refusal();
    }

    private LimitUse use(KeyLimits limits) {
        return store.limits().use("k", limits, ZoneOffset.UTC);
    }

    private void spend(Lease lease, long nanoUsd) {
        spend(lease, clock.instant(), nanoUsd);
    }

    private void spend(Lease lease, Instant admittedAt, long nanoUsd) {
        spend(lease, admittedAt, nanoUsd, "opus");
    }

    private void spend(Lease lease, Instant admittedAt, long nanoUsd, String family) {
        book(lease, admittedAt, nanoUsd, family, State.FINAL);
        store.limits().release(lease, false);
    }

    private void book(Lease lease, Instant admittedAt, long nanoUsd, String family, State state) {
        Samples.book(store.usage(), row(lease, admittedAt, nanoUsd, family, state, 0));
    }

    private UsageRecord row(Lease lease, Instant admittedAt, long nanoUsd, String family, State state, long reserved) {
        return new UsageRecord(
                lease.exchangeId() + "-" + exchanges.incrementAndGet(),
                lease.exchangeId(),
                lease.keyId(),
                "account",
                "model",
                family,
                state,
                new Tokens(1, 2, 3, 4, 5),
                0,
                nanoUsd,
                reserved,
                false,
                admittedAt,
                admittedAt,
                admittedAt);
    }
}
