package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Decision;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.testkit.LedgerFold;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;

/** Exchanges of a few standard keys, one after the other by several threads, which must all succeed. */
final class Traffic implements AutoCloseable {
    private static final int THREADS = 4;
    private static final long PLENTY = 1_000_000_000_000L;
    private static final KeyLimits LIMITS = new KeyLimits(
            THREADS,
            new RateLimit(60, PLENTY, PLENTY, PLENTY),
            new Budgets(BudgetMode.STANDARD, PLENTY, PLENTY, new Budgets.Weekly(PLENTY, "all", 1, 0), null),
            KeyLimits.NONE.modelsAllowed(),
            KeyLimits.NONE.modelsDenied());

    private final RedisRelay relay;
    private final Queue<UsageRecord> settled = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> problems = new ConcurrentLinkedQueue<>();
    private final AtomicInteger exchanges = new AtomicInteger();
    private final AtomicInteger granted = new AtomicInteger();
    private final AtomicLong slowestNanos = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ending;

    private Traffic(RedisRelay relay) {
        this.relay = relay;
        for (int number = 0; number < THREADS; number++) {
            String keyId = "k" + number % 2;
            Thread thread = new Thread(() -> run(keyId), "traffic-" + number);
            threads.add(thread);
            thread.start();
        }
    }

    /** Begins, and goes on until it is ended. */
    static Traffic on(RedisRelay relay) {
        Traffic traffic = new Traffic(relay);
        traffic.awaitMore(20);
        return traffic;
    }

    /** Waits until so many more exchanges were whole. */
    void awaitMore(int more) {
        int enough = settled.size() + more;
        Wait.until("exchanges go on", () -> settled.size() >= enough || !problems.isEmpty());
        assertThat(problems).isEmpty();
    }

    /** The most that an exchange took. */
    Duration slowest() {
        return Duration.ofNanos(slowestNanos.get());
    }

    private void run(String keyId) {
        try {
            while (!ending) {
                long begun = System.nanoTime();
                exchange(keyId);
                slowestNanos.accumulateAndGet(System.nanoTime() - begun, Math::max);
                // Not a wait for something: an upstream takes its time.
                LockSupport.parkNanos(5_000_000);
            }
        } catch (RuntimeException | AssertionError e) {
            problems.add(e);
        }
    }

    private void exchange(String keyId) {
        int number = exchanges.incrementAndGet();
        Lease lease = new Lease(keyId, "x" + number);
        Decision decision =
                relay.limits().claim(new Claim(lease, LIMITS, ZoneOffset.UTC, "opus", 0, Duration.ofMinutes(5)));
        assertThat(decision).as("%s, away: %s", decision, relay.away().now()).isInstanceOf(Decision.Granted.class);
        granted.incrementAndGet();
        UsageRecord row = row(lease, number, ((Decision.Granted) decision).at());
        relay.usage().open(row.in(State.RESERVED));
        relay.usage().streaming(row.id());
        assertThat(relay.usage().settle(row)).isTrue();
        relay.limits().release(lease, false);
        settled.add(row);
    }

    private static UsageRecord row(Lease lease, int number, Instant at) {
        Tokens tokens = new Tokens(1, 2, 0, 0, number);
        return new UsageRecord(
                lease.exchangeId() + "-1",
                lease.exchangeId(),
                lease.keyId(),
                "a",
                "m",
                "opus",
                State.FINAL,
                tokens,
                0,
                number,
                0,
                false,
                at,
                at,
                at);
    }

    private void end() {
        ending = true;
        Wait.until("all threads end", () -> threads.stream().noneMatch(Thread::isAlive));
        assertThat(problems).isEmpty();
    }

    private boolean hasEverything() {
        relay.healthy();
        return !relay.away().now() && relay.away().journal().size() == 0;
    }

    /** Ends, and when Redis has everything, every row must be there once and every counter be their sum. */
    void endsWell() {
        end();
        assertThat(settled).hasSize(granted.get());
        // What half a minute left takes a while.
        while (!hasEverything()) {
            int left = relay.away().journal().size();
            Wait.until(
                    "Redis is back and has more",
                    () -> hasEverything() || relay.away().journal().size() < left);
        }
        LedgerFold fold = new LedgerFold();
        settled.forEach(row -> {
            fold.opened(row);
            fold.settled(row);
        });
        fold.assertIsWhatTheStoreSays(relay.usage(), ZoneOffset.UTC);
        long spent = 0;
        for (String keyId : List.of("k0", "k1")) {
            spent += relay.limits().use(keyId, LIMITS, ZoneOffset.UTC).totalNanoUsd();
        }
        assertThat(spent).isEqualTo(fold.spent());
    }

    @Override
    public void close() {
        end();
    }
}
