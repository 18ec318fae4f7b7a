package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccrelayer.account.Secret;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.ccrelayer.internal.store.embedded.StoredRows;
import org.ccrelayer.limit.BudgetPeriod;
import org.ccrelayer.limit.LimitUse;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.LedgerFold;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten relays work on one directory, one after the other, each until it is killed with SIGKILL at a random moment of a load of
 * sixteen clients. What each leaves is looked at in a copy, so that the next one finds it as it was left.
 */
class KilledUnderLoadTest {
    private static final int KILLS = 10;
    private static final int CLIENTS = 16;
    private static final int SCRIPTS = 4_000;
    private static final long SEED = 20261122;
    private static final long PLENTY = 1_000_000_000_000_000L;
    private static final RateLimit RATE = new RateLimit(600, PLENTY, PLENTY, PLENTY);
    private static final KeyLimits STANDARD = limits(BudgetMode.STANDARD);
    private static final KeyLimits STRICT = limits(BudgetMode.STRICT);

    @TempDir
    private Path folder;

    private final AtomicInteger answers = new AtomicInteger();
    private final List<RestlessClient> clients = new ArrayList<>();
    private final Map<String, UsageRecord> before = new HashMap<>();
    private int lost;

    private static KeyLimits limits(BudgetMode mode) {
        Budgets budgets = new Budgets(mode, PLENTY, PLENTY, new Budgets.Weekly(PLENTY, "all", 1, 0), null);
        return KeyLimits.NONE.withConcurrency(1).withRate(RATE).withBudgets(budgets);
    }

    @Test
    @Timeout(180)
    void theLedgerAndEveryCounterAreConsistentAfterEachKill() throws Exception {
        Random random = new Random(SEED);
        try (SimulatedClaude upstream =
                SimulatedClaude.start(SimulatedClaude.Options.defaults().withoutRecording())) {
            setUp(upstream);
            for (int kill = 0; kill < KILLS; kill++) {
                runUntilKilled(kill, 50 + random.nextInt(150), random.nextInt(5_000_000));
                assertIsConsistent(kill, copy(kill));
            }
        }
        assertThat(lost).as("some were under way when a relay was killed").isGreaterThan(KILLS);
        assertThat(before.values().stream().map(UsageRecord::state).collect(Collectors.toSet()))
                .isEqualTo(EnumSet.of(State.FINAL, State.ESTIMATED, State.UNKNOWN, State.VOID));
    }

    private void setUp(SimulatedClaude upstream) {
        upstream.always(Script.answer().events(3));
        Random random = new Random(SEED);
        for (int number = 0; number < SCRIPTS; number++) {
            upstream.enqueue(anyScript(random.nextInt(12)));
        }
        try (StandaloneRelay relay = StandaloneRelay.on(folder.resolve("data"))) {
            relay.account(upstream.uri());
            relay.account(upstream.uri());
            for (int number = 0; number < CLIENTS; number++) {
                clients.add(new RestlessClient(relay.issue(number % 2 == 0 ? STANDARD : STRICT), number, answers));
            }
        }
    }

    private static Script anyScript(int kind) {
        return switch (kind) {
            case 0 -> Script.error(529);
            case 1 -> Script.error(400);
            case 2 -> Script.refuse();
            case 3 -> Script.answer().events(20).eventPerWrite().cutMidEvent(10);
            case 4 -> Script.answer().events(5).errorEventAfter(4, "overloaded_error");
            case 5, 6 -> Script.answer().events(8).trickle(Duration.ofMillis(2));
            case 7 -> Script.answer().delay(Duration.ofMillis(5));
            default -> Script.answer().events(5);
        };
    }

    private void runUntilKilled(int run, int wholeAnswers, int nanosAfter) throws Exception {
        Map<String, String> environment = RelayProcess.goodEnvironment(folder.resolve("data"));
        try (RelayProcess relay = RelayProcess.startUnpackaged(folder, environment)) {
            int port = relay.port();
            int enough = answers.get() + wholeAnswers;
            List<Thread> threads = clients.stream()
                    .map(client -> new Thread(() -> client.askUntilGone(relay, port, run)))
                    .toList();
            threads.forEach(Thread::start);
            try {
                Wait.until("enough answers", () -> answers.get() >= enough);
                // Not a wait for something: it moves the kill to an arbitrary moment.
                LockSupport.parkNanos(nanosAfter);
            } finally {
                relay.kill();
            }
            for (Thread thread : threads) {
                thread.join(30_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    private Path copy(int kill) throws IOException {
        Path copy = Files.createDirectory(folder.resolve("copy-" + kill));
        try (Stream<Path> files = Files.list(folder.resolve("data"))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    private void assertIsConsistent(int run, Path data) {
        CredentialCipher cipher = new CredentialCipher(Secret.of(RelayFixture.ENCRYPTION_KEY));
        Instant now = Instant.now();
        try (EmbeddedStore store = EmbeddedStore.open(data, cipher, StoreTime.utc(InstantSource.fixed(now)))) {
            StoredRows stored = StoredRows.of(store);
            assertThat(stored.open()).isEmpty();
            assertThat(stored.settled()).allMatch(row -> row.state().terminal());
            assertNothingOldChanged(stored.settled());
            fold(stored.settled()).assertIsTheSumOf(store.usage(), ZoneOffset.UTC);
            Map<String, List<UsageRecord>> ofKeys =
                    stored.settled().stream().collect(Collectors.groupingBy(UsageRecord::keyId));
            for (RestlessClient client : clients) {
                List<UsageRecord> rows = ofKeys.getOrDefault(client.key().key().id(), List.of());
                assertLimitsAre(store, client, rows, now);
                assertEveryRowWasAskedFor(client, rows);
                assertAnswersAreBooked(run, client, rows);
            }
        }
    }

    /** What was settled before this relay began is as it was, but for the time at which lost rows were found. */
    private void assertNothingOldChanged(List<UsageRecord> rows) {
        Map<String, UsageRecord> now = rows.stream()
                .collect(Collectors.toMap(
                        UsageRecord::id, row -> row.state() == State.UNKNOWN ? row.lost(Instant.EPOCH) : row));
        assertThat(now).containsAllEntriesOf(before);
        before.putAll(now);
        assertThat(rows)
                .filteredOn(row -> row.state() == State.UNKNOWN)
                .allMatch(row -> row.costNanoUsd() == row.reservedNanoUsd());
    }

    private static LedgerFold fold(List<UsageRecord> rows) {
        LedgerFold fold = new LedgerFold();
        rows.forEach(fold::settled);
        return fold;
    }

    /** The limits of a key: nothing is held, and what was spent is what the rows say. */
    private static void assertLimitsAre(
            EmbeddedStore store, RestlessClient client, List<UsageRecord> rows, Instant now) {
        LedgerFold fold = fold(rows);
        LimitUse use = store.limits().use(client.key().key().id(), STANDARD, ZoneOffset.UTC);
        assertThat(use.leases()).isZero();
        assertThat(use.reservedNanoUsd()).isZero();
        assertThat(use.totalNanoUsd()).isEqualTo(fold.spent());
        assertThat(use.dailyNanoUsd()).isEqualTo(fold.spentIn(BudgetPeriod.day(now, ZoneOffset.UTC), "all"));
        assertThat(use.windowCostNanoUsd()).isEqualTo(fold.spent());
        assertThat(use.windowTokens())
                .isEqualTo(rows.stream()
                        .filter(row -> row.state() != State.VOID)
                        .mapToLong(row -> row.tokens().prompt() + row.tokens().output())
                        .sum());
        long exchanges = rows.stream().map(UsageRecord::exchangeId).distinct().count();
        // One may have been let in and killed before it had a row.
        assertThat(use.windowRequests()).isBetween(exchanges, exchanges + KILLS);
    }

    private static void assertEveryRowWasAskedFor(RestlessClient client, List<UsageRecord> rows) {
        assertThat(client.asked().stream().map(RestlessClient.Asked::model))
                .containsAll(rows.stream().map(UsageRecord::model).collect(Collectors.toSet()));
    }

    /**
     * Every whole answer of the last run has one final row. Only the last that was let in may have been killed between its
     * delivery and its booking: a key has one place, so the ones before were booked by then.
     */
    private void assertAnswersAreBooked(int run, RestlessClient client, List<UsageRecord> rows) {
        Map<String, List<State>> booked = rows.stream()
                .sorted(Comparator.comparing(UsageRecord::startedAt))
                .collect(Collectors.groupingBy(
                        UsageRecord::model, Collectors.mapping(UsageRecord::state, Collectors.toList())));
        List<RestlessClient.Asked> asked =
                client.asked().stream().filter(one -> one.run() == run).toList();
        boolean last = true;
        for (int number = asked.size() - 1; number >= 0; number--) {
            RestlessClient.Asked one = asked.get(number);
            List<State> states = booked.getOrDefault(one.model(), List.of());
            if (one.whole()) {
                assertThat(states).as(one.model()).isNotEmpty();
                State end = states.get(states.size() - 1);
                assertThat(end).as(one.model()).isIn(State.FINAL, last ? State.UNKNOWN : State.FINAL);
                assertThat(states.subList(0, states.size() - 1)).doesNotContain(State.FINAL);
            }
            lost += last && states.contains(State.UNKNOWN) ? 1 : 0;
            last &= states.isEmpty();
        }
    }
}
