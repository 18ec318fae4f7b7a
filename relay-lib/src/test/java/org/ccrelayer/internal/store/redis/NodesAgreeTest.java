package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Decision;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.limit.Refusal;
import org.ccrelayer.testkit.OnRedis;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageTotals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two relays on one Redis, whose clocks are half an hour apart. */
class NodesAgreeTest extends OnRedis {
    private static final Duration TTL = Duration.ofMinutes(5);

    private final AtomicInteger exchanges = new AtomicInteger();
    private RedisRelay early;
    private RedisRelay late;

    @BeforeEach
    void openBoth() {
        peer.clear();
        early = RedisRelay.of(peer, RedisRelay.PATIENT, () -> Instant.now().minus(Duration.ofMinutes(15)));
        late = RedisRelay.of(peer, RedisRelay.PATIENT, () -> Instant.now().plus(Duration.ofMinutes(15)));
    }

    @AfterEach
    void closeBoth() {
        early.close();
        late.close();
    }

    private static Instant serversNow() {
        String[] time = peer.ask("TIME").split("\n");
        return Instant.ofEpochSecond(Long.parseLong(time[0]), Long.parseLong(time[1]) * 1_000);
    }

    private Claim claim(KeyLimits limits, long worst) {
        Lease lease = new Lease("k", "x" + exchanges.incrementAndGet());
        return new Claim(lease, limits, ZoneOffset.UTC, "opus", worst, TTL);
    }

    @Test
    void both_go_by_the_servers_clock() {
        for (RedisRelay relay : List.of(early, late)) {
            Instant before = serversNow();
            Decision.Granted granted = (Decision.Granted) relay.limits().claim(claim(KeyLimits.NONE, 0));
            assertThat(granted.at()).isBetween(before, serversNow());
        }
    }

    @Test
    void a_lease_of_one_counts_for_the_other_and_neither_reaps_it() {
        KeyLimits limits = KeyLimits.NONE.withConcurrency(1);
        Claim first = claim(limits, 0);
        assertThat(early.limits().claim(first)).isInstanceOf(Decision.Granted.class);
        assertThat(late.limits().claim(claim(limits, 0))).isInstanceOf(Decision.Refused.class);
        assertThat(late.limits().reap()).isZero();
        assertThat(late.limits().renew(first.lease(), TTL, 1)).isTrue();
        early.limits().release(first.lease(), false);
        assertThat(early.limits().use("k", limits, ZoneOffset.UTC).leases()).isZero();
        assertThat(late.limits().claim(claim(limits, 0))).isInstanceOf(Decision.Granted.class);
    }

    @Test
    void a_window_is_the_same_for_both() {
        KeyLimits limits = KeyLimits.NONE.withRate(new RateLimit(10, 2, 0, 0));
        early.limits().claim(claim(limits, 0));
        late.limits().claim(claim(limits, 0));
        for (RedisRelay relay : List.of(early, late)) {
            Refusal refusal = ((Decision.Refused) relay.limits().claim(claim(limits, 0))).refusal();
            assertThat(refusal.limit()).isEqualTo(Refusal.Limit.WINDOW_REQUESTS);
            assertThat(refusal.freesIn()).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
        }
    }

    @Test
    void what_both_let_in_at_the_same_time_is_never_too_much() throws Exception {
        KeyLimits limits = new KeyLimits(
                40,
                new RateLimit(10, 1_000, 0, 0),
                new Budgets(BudgetMode.STRICT, 0, 100, Budgets.Weekly.NONE, null),
                KeyLimits.NONE.modelsAllowed(),
                KeyLimits.NONE.modelsDenied());
        List<Integer> granted = together(8, thread -> {
            RedisRelay relay = thread % 2 == 0 ? early : late;
            int mine = 0;
            for (int round = 0; round < 25; round++) {
                mine += relay.limits().claim(claim(limits, 3)) instanceof Decision.Granted ? 1 : 0;
            }
            return mine;
        });
        assertThat(granted.stream().mapToInt(Integer::intValue).sum())
                .as("33 times 3 is 99")
                .isEqualTo(33);
        assertThat(early.limits().use("k", limits, ZoneOffset.UTC).reservedNanoUsd())
                .isEqualTo(99);
    }

    @Test
    void a_row_that_all_settle_is_booked_once() throws Exception {
        for (int round = 0; round < 50; round++) {
            UsageRecord row = Samples.row("x" + round + "-1", "x" + round, "k", 4);
            early.usage().open(row.in(UsageRecord.State.RESERVED));
            List<Boolean> booked = together(
                    4, thread -> (thread % 2 == 0 ? early : late).usage().settle(row));
            assertThat(booked).containsOnlyOnce(true);
        }
        UsageTotals one = UsageTotals.NONE.plus(Samples.row("x-1", "x", "k", 4));
        assertThat(late.usage().totalsOfKey("k").attempts()).isEqualTo(50);
        assertThat(late.usage().totals().costNanoUsd()).isEqualTo(50 * one.costNanoUsd());
    }

    @Test
    void what_is_lost_is_reaped_once_by_all_together() throws Exception {
        KeyLimits limits =
                KeyLimits.NONE.withBudgets(new Budgets(BudgetMode.STRICT, 0, 1_000_000, Budgets.Weekly.NONE, null));
        List<UsageRecord> rows = new ArrayList<>();
        for (int number = 0; number < 250; number++) {
            Lease lease = new Lease("k", "lost" + number);
            late.limits().claim(new Claim(lease, limits, ZoneOffset.UTC, "opus", 7, Duration.ofMillis(1)));
            UsageRecord row = Samples.row(lease.exchangeId() + "-1", lease.exchangeId(), "k", 1)
                    .in(UsageRecord.State.RESERVED);
            rows.add(row);
            late.usage().open(row);
        }
        together(4, thread -> (thread % 2 == 0 ? early : late).limits().reap());
        assertThat(early.usage().totalsOfKey("k").attempts()).isEqualTo(250);
        assertThat(early.limits().use("k", limits, ZoneOffset.UTC).reservedNanoUsd())
                .isZero();
        for (UsageRecord row : rows) {
            assertThat(early.usage().find(row.id()).orElseThrow())
                    .returns(UsageRecord.State.UNKNOWN, UsageRecord::state)
                    .returns(11L, UsageRecord::costNanoUsd)
                    .returns(7L, UsageRecord::countedNanoUsd);
        }
        assertThat(peer.ask("KEYS", "relay:lease:*")).isEmpty();
        assertThat(peer.ask("EXISTS", "relay:lost", "relay:running:k", "relay:reserved:k"))
                .isEqualTo("0");
    }

    private interface Work<T> {
        T of(int thread) throws Exception;
    }

    private static <T> List<T> together(int threads, Work<T> work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<T>> calls = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int number = thread;
                calls.add(() -> work.of(number));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : pool.invokeAll(calls, 60, TimeUnit.SECONDS)) {
                results.add(future.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }
}
