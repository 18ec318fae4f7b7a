package org.ccrelayer.standalone;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.limit.LimitUse;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.LedgerFold;
import org.ccrelayer.testkit.TokenPeer;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three relays that are processes of their own share one Redis. */
@Timeout(240)
class ThreeRelaysTest {
    private static final long PLENTY = 1_000_000_000_000_000L;
    private static final int PLACES = 2;
    private static final int KILLED = 2;
    private static final Duration LEASES = Duration.ofSeconds(3);
    private static final int REQUESTS = 500;
    private static final int WARM = 60;

    /** A few dozen answers, which are fewer than are asked for. */
    private static final long LITTLE = 40_000_000L;

    @TempDir
    private Path folder;

    private static KeyLimits budget(BudgetMode mode, long nanoUsd) {
        return KeyLimits.NONE.withBudgets(
                new Budgets(mode, PLENTY, nanoUsd, new Budgets.Weekly(PLENTY, "all", 1, 0), null));
    }

    private static List<KeyLimits> limits() {
        return List.of(
                budget(BudgetMode.STANDARD, PLENTY),
                KeyLimits.NONE,
                KeyLimits.NONE,
                budget(BudgetMode.STRICT, PLENTY).withConcurrency(PLACES),
                budget(BudgetMode.STRICT, LITTLE));
    }

    @Test
    void nothing_is_lost_doubled_or_overspent_when_a_relay_is_killed_and_redis_restarted_under_load() throws Exception {
        try (SimulatedClaude upstream =
                        SimulatedClaude.start(SimulatedClaude.Options.defaults().withoutRecording());
                SharedRedis shared = SharedRedis.start(folder)) {
            upstream.always(Script.answer().events(8).trickle(Duration.ofMillis(2)));
            List<SharingClient> clients = new ArrayList<>();
            for (IssuedKey key : shared.prepare(List.of(upstream.uri(), upstream.uri()), limits())) {
                for (int number = 0; number < 3; number++) {
                    clients.add(new SharingClient(key, clients.size()));
                }
            }
            load(shared, clients);
            shared.again(KILLED, LEASES);
            Wait.until("what waited for Redis is there", () -> !shared.rowsWait());
            Wait.until(
                    "what the killed relay left is booked",
                    () -> shared.rows().stream().allMatch(row -> row.state().terminal()));
            clients.forEach(ThreeRelaysTest::assertWasServed);
            assertIsBooked(shared, clients);
        }
    }

    private static void load(SharedRedis shared, List<SharingClient> clients) throws Exception {
        SharingClient.Relays relays = new SharingClient.Relays(shared.relays(LEASES));
        List<Thread> threads = clients.stream()
                .map(client -> new Thread(() -> client.askOn(relays)))
                .toList();
        threads.forEach(Thread::start);
        try {
            Wait.until("answers", () -> relays.answers() > 300);
            relays.kill(KILLED);
            int killed = relays.answers();
            Wait.until("answers after a relay was killed", () -> relays.answers() > killed + 200);
            int refused = relays.refusals();
            shared.peer().kill();
            int without = relays.answers();
            Wait.until(
                    "answers and refusals without Redis",
                    () -> relays.answers() > without + 100 && relays.refusals() > refused + 3);
            shared.peer().restart();
            int restarted = relays.answers();
            Wait.until("answers after Redis came back", () -> relays.answers() > restarted + 400);
        } finally {
            relays.enough();
            for (Thread thread : threads) {
                thread.join(30_000);
            }
        }
        assertThat(threads).noneMatch(Thread::isAlive);
    }

    private static boolean strict(SharingClient client) {
        return client.key().key().limits().strict();
    }

    /** Who asked a relay that lives was served, unless the limits of the key are strict. */
    private static void assertWasServed(SharingClient client) {
        for (SharingClient.Asked asked : client.asked()) {
            if (!asked.killed() && strict(client)) {
                assertThat(asked.status()).as(asked.toString()).isIn(200, 402, 429, 503);
                if (asked.status() == 503) {
                    assertThat(asked.retryAfter()).as(asked.toString()).matches("[1-9][0-9]*");
                }
            } else if (!asked.killed()) {
                assertThat(asked.status()).as(asked.toString()).isEqualTo(200);
            }
        }
        assertThat(client.asked()).as("requests").hasSizeGreaterThan(10);
        if (strict(client)) {
            assertThat(client.asked())
                    .extracting(SharingClient.Asked::status)
                    .as("statuses while Redis was away")
                    .contains(503);
        }
    }

    private static void assertIsBooked(SharedRedis shared, List<SharingClient> clients) {
        List<UsageRecord> rows = shared.rows();
        LedgerFold fold = new LedgerFold();
        rows.forEach(fold::settled);
        fold.assertIsTheSumOf(shared.store().usage(), ZoneOffset.UTC);
        Map<String, List<UsageRecord>> byModel = rows.stream().collect(Collectors.groupingBy(UsageRecord::model));
        int found = 0;
        for (SharingClient client : clients) {
            for (SharingClient.Asked asked : client.asked()) {
                List<UsageRecord> booked = byModel.getOrDefault(asked.model(), List.of());
                if (asked.whole()) {
                    assertThat(booked).as(asked.toString()).hasSize(1);
                    // Who had its answer just before its relay was killed may have been booked by another one.
                    boolean killed = !asked.relay().process().isAlive();
                    assertThat(booked.get(0).state())
                            .as(asked.toString())
                            .isIn(State.FINAL, killed ? State.UNKNOWN : State.FINAL);
                    found += booked.get(0).state() == State.UNKNOWN ? 1 : 0;
                }
            }
        }
        assertThat(found).as("answers that another one booked").isLessThanOrEqualTo(clients.size());
        Map<String, List<UsageRecord>> byKey = rows.stream().collect(Collectors.groupingBy(UsageRecord::keyId));
        byKey.forEach((keyId, ofKey) -> assertLimitsHeld(shared, clients, keyId, ofKey));
    }

    private static void assertLimitsHeld(
            SharedRedis shared, List<SharingClient> clients, String keyId, List<UsageRecord> rows) {
        KeyLimits limits = clients.stream()
                .map(client -> client.key().key())
                .filter(key -> key.id().equals(keyId))
                .findFirst()
                .orElseThrow()
                .limits();
        LedgerFold fold = new LedgerFold();
        rows.forEach(fold::settled);
        LimitUse use = shared.store().limits().use(keyId, limits, ZoneOffset.UTC);
        assertThat(use.leases()).as("leases that are left").isZero();
        assertThat(use.reservedNanoUsd()).as("reservations that are left").isZero();
        if (limits.strict()) {
            assertThat(use.totalNanoUsd()).isEqualTo(fold.spent());
            assertThat(fold.spent()).isLessThanOrEqualTo(limits.budgets().totalNanoUsd());
        }
        if (limits.budgets().totalNanoUsd() == LITTLE) {
            assertThat(fold.spent()).as("so much that the budget counts").isGreaterThan(LITTLE / 2);
            assertThat(statuses(clients, keyId)).as("the budget was reached").contains(429);
        }
        if (limits.concurrency() > 0) {
            assertThat(mostAtOnce(rows)).isLessThanOrEqualTo(limits.concurrency());
        }
    }

    private static Set<Integer> statuses(List<SharingClient> clients, String keyId) {
        return clients.stream()
                .filter(client -> client.key().key().id().equals(keyId))
                .flatMap(client -> client.asked().stream())
                .map(SharingClient.Asked::status)
                .collect(Collectors.toSet());
    }

    /** How many of them ran at the same time, as far as the ledger tells; those that nobody ended ran until they were found. */
    private static long mostAtOnce(List<UsageRecord> rows) {
        return rows.stream()
                .filter(row -> row.state() == State.FINAL)
                .mapToLong(row -> rows.stream()
                        .filter(other -> other.state() == State.FINAL)
                        .filter(other -> !other.startedAt().isAfter(row.startedAt())
                                && other.endedAt().isAfter(row.startedAt()))
                        .count())
                .max()
                .orElse(0);
    }

    @Test
    void requests_that_find_a_token_run_out_on_three_relays_make_one_token_call() throws Exception {
        try (SimulatedClaude upstream = SimulatedClaude.start();
                TokenPeer tokens = TokenPeer.start();
                SharedRedis shared = SharedRedis.inMemory(folder)) {
            IssuedKey key = shared.prepare(List.of(), List.of(KeyLimits.NONE)).get(0);
            shared.account(
                    upstream.uri(),
                    new OAuthCredential(
                            tokens.uri(), "client", Secret.of("pw-canary"), Secret.of(TokenPeer.FIRST), null));
            tokens.enqueue(TokenPeer.grants(), TokenPeer.stalls(TokenPeer.grants()));
            List<RelayProcess> relays = shared.relays(Duration.ofMinutes(1));
            for (int warm = 0; warm < WARM; warm++) {
                assertThat(send(List.of(relays.get(warm % relays.size())), key, 1)
                                .get(0)
                                .get(30, TimeUnit.SECONDS))
                        .isEqualTo(200);
            }
            int before = upstream.requestCount();
            letTokenRunOut(shared);
            List<CompletableFuture<Integer>> sent = send(relays, key, REQUESTS);
            // A machine that does much else takes its time.
            Wait.until("a request to wait", () -> shared.running(key) > 0);
            Wait.until("most requests to wait", () -> shared.running(key) > REQUESTS / 2);
            Wait.until("all requests to wait", () -> shared.running(key) == REQUESTS);
            assertThat(sent).noneMatch(CompletableFuture::isDone);
            tokens.release();
            for (CompletableFuture<Integer> status : sent) {
                assertThat(status.get(60, TimeUnit.SECONDS)).isEqualTo(200);
            }
            assertThat(tokens.calls()).hasSize(2);
            assertThat(upstream.received().subList(before, before + REQUESTS))
                    .allMatch(request -> request.header("authorization").equals("Bearer access-canary-2"));
        }
    }

    private static void letTokenRunOut(SharedRedis shared) {
        String account = shared.store().accounts().list().get(0).id();
        Instant over = Instant.now();
        shared.store().tokens().update(account, kept -> kept.map(token -> ended(token, over)));
        // What a relay may know of it from before is a second old at most.
        Wait.until("relays to look again", () -> Instant.now().isAfter(over.plusSeconds(2)));
    }

    private static StoredToken ended(StoredToken token, Instant over) {
        StoredToken.Access access = requireNonNull(token.access());
        return new StoredToken(
                token.accountId(),
                token.origin(),
                new StoredToken.Access(access.token(), over, access.obtainedAt()),
                token.refreshToken(),
                null,
                null);
    }

    private static List<CompletableFuture<Integer>> send(List<RelayProcess> relays, IssuedKey key, int requests) {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        List<Integer> ports = relays.stream().map(RelayProcess::port).toList();
        List<CompletableFuture<Integer>> sent = new ArrayList<>();
        for (int number = 0; number < requests; number++) {
            int port = ports.get(number % ports.size());
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/messages"))
                    .header("x-api-key", key.secret().reveal())
                    .header("anthropic-version", "2023-06-01")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(StandaloneRelay.message()))
                    .build();
            sent.add(ask(client, request));
        }
        return sent;
    }

    /** The status of the answer. Where Redis did not answer in time, which a busy machine may bring about, a client asks again when told to. */
    private static CompletableFuture<Integer> ask(HttpClient client, HttpRequest request) {
        return client.sendAsync(request, HttpResponse.BodyHandlers.discarding()).thenCompose(answer -> {
            OptionalLong seconds = answer.headers().firstValueAsLong("retry-after");
            if (answer.statusCode() != 503 || seconds.isEmpty()) {
                return CompletableFuture.completedFuture(answer.statusCode());
            }
            return CompletableFuture.supplyAsync(
                            () -> ask(client, request),
                            CompletableFuture.delayedExecutor(seconds.getAsLong(), TimeUnit.SECONDS))
                    .thenCompose(again -> again);
        });
    }
}
