package org.ccrelayer.internal.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccrelayer.account.Secret;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Decision;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.limit.LimitUse;
import org.ccrelayer.testkit.LedgerFold;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sixty-four threads spend at the same time, for twenty seconds; another one looks whether anybody overspends. */
class NobodyOverspendsTogetherTest {
    private static final int THREADS = 64;
    private static final int MOST_ROWS = 150_000;
    private static final Duration TIME = Duration.ofSeconds(20);
    private static final Duration TTL = Duration.ofMinutes(5);
    private static final KeyLimits LIMITS = KeyLimits.NONE
            .withConcurrency(7)
            .withBudgets(new Budgets(BudgetMode.STRICT, 50_000, 0, new Budgets.Weekly(200_000, "opus", 1, 0), null));

    private final MovedClock clock = new MovedClock(Instant.parse("2026-11-22T00:00:00Z"));
    private final ConcurrentLinkedQueue<UsageRecord> rows = new ConcurrentLinkedQueue<>();
    private final AtomicInteger number = new AtomicInteger();
    private final AtomicInteger booked = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();

    @Test
    @Timeout(120)
    void nobodyOverspendsTogether(@TempDir Path directory) throws Exception {
        CredentialCipher cipher = new CredentialCipher(Secret.of("a test's encryption key"));
        try (EmbeddedStore store = EmbeddedStore.open(directory, cipher, StoreTime.utc(clock))) {
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            try {
                List<Future<Boolean>> spending = new ArrayList<>();
                for (int thread = 0; thread < THREADS; thread++) {
                    Random random = new Random(thread);
                    spending.add(threads.submit((Callable<Boolean>) () -> spend(store, random)));
                }
                watch(store);
                over.set(true);
                for (Future<Boolean> thread : spending) {
                    assertThat(thread.get(30, TimeUnit.SECONDS)).isTrue();
                }
            } finally {
                over.set(true);
                threads.shutdownNow();
            }
            assertAtRest(store);
        }
    }

    private void watch(EmbeddedStore store) {
        long end = System.nanoTime() + TIME.toNanos();
        for (int look = 0; System.nanoTime() < end && booked.get() < MOST_ROWS; look++) {
            for (int key = 0; key < 3; key++) {
                LimitUse use = store.limits().use("k" + key, LIMITS, ZoneOffset.UTC);
                assertThat(use.leases()).isLessThanOrEqualTo(LIMITS.concurrency());
                assertThat(use.dailyNanoUsd()).isLessThanOrEqualTo(50_000);
                assertThat(use.weeklyNanoUsd()).isLessThanOrEqualTo(200_000);
            }
            if (look % 200 == 199) {
                clock.move(Duration.ofMinutes(7));
            }
        }
    }

    private boolean spend(EmbeddedStore store, Random random) {
        while (!over.get() && booked.get() < MOST_ROWS) {
            Lease lease = new Lease("k" + random.nextInt(3), "x" + number.incrementAndGet());
            String family = random.nextInt(4) == 0 ? "sonnet" : "opus";
            Claim claim = new Claim(lease, LIMITS, ZoneOffset.UTC, family, 1 + random.nextInt(900), TTL);
            if (store.limits().claim(claim) instanceof Decision.Granted granted) {
                attempt(store, claim, granted.at(), random);
                store.limits().release(lease, false);
            } else {
                refusals.incrementAndGet();
            }
        }
        return true;
    }

    private void attempt(EmbeddedStore store, Claim claim, Instant admittedAt, Random random) {
        State state = State.values()[2 + random.nextInt(4)];
        long cost = state == State.VOID ? 0 : random.nextLong(claim.worstNanoUsd() + 1);
        String exchangeId = claim.lease().exchangeId();
        UsageRecord row = new UsageRecord(
                exchangeId + "-1",
                exchangeId,
                claim.lease().keyId(),
                "account-" + random.nextInt(2),
                claim.family(),
                claim.family(),
                state,
                new Tokens(cost, 1, 2, 3, 4),
                0,
                cost,
                claim.worstNanoUsd(),
                false,
                admittedAt,
                admittedAt,
                admittedAt);
        store.usage().open(row.in(State.RESERVED));
        LimitUse use = store.limits().use(claim.lease().keyId(), LIMITS, ZoneOffset.UTC);
        assertThat(use.leases()).isLessThanOrEqualTo(LIMITS.concurrency());
        store.usage().streaming(row.id());
        assertThat(store.usage().settle(row)).isTrue();
        booked.incrementAndGet();
        rows.add(row);
    }

    private void assertAtRest(EmbeddedStore store) {
        assertThat(refusals).as("there was something to fight for").hasPositiveValue();
        LedgerFold fold = new LedgerFold();
        rows.forEach(fold::settled);
        fold.assertIsTheSumOf(store.usage(), ZoneOffset.UTC);
        for (int key = 0; key < 3; key++) {
            LimitUse use = store.limits().use("k" + key, LIMITS, ZoneOffset.UTC);
            assertThat(use.leases()).isZero();
            assertThat(use.reservedNanoUsd()).isZero();
        }
    }
}
