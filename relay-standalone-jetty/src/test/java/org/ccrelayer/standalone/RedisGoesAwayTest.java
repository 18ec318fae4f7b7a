package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.event.Attempt;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.internal.store.redis.AwayTerms;
import org.ccrelayer.internal.store.redis.RedisStore;
import org.ccrelayer.internal.store.redis.RedisTarget;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.testkit.Canaries;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.LedgerFold;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RecordingListener;
import org.ccrelayer.testkit.RedisPeer;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Clients of a relay whose Redis hangs, dies and comes back. */
@Timeout(120)
class RedisGoesAwayTest {
    private static final int CLIENTS = 6;
    private static final long PLENTY = 1_000_000_000_000L;
    private static final String UNKNOWN = "cr_" + "0".repeat(64);

    @TempDir
    private Path folder;

    private final RecordingListener listener = new RecordingListener();
    private final Queue<Throwable> problems = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final List<Thread> clients = new ArrayList<>();
    private volatile boolean ending;
    private RedisPeer peer;
    private SimulatedClaude upstream;
    private RelayStore store;
    private Relay relay;
    private RelayServer server;
    private IssuedKey standard;
    private IssuedKey strict;

    @BeforeEach
    void start() throws IOException {
        peer = RedisPeer.start("--appendonly", "yes", "--appendfsync", "always");
        upstream = SimulatedClaude.start(SimulatedClaude.Options.defaults().withoutRecording());
        upstream.always(Script.text("hello").events(3));
        RedisTarget target = RedisTarget.of(peer.address(), null, null);
        store = RedisStore.open(target, SharedRedis.terms(), new AwayTerms(true, folder), InstantSource.system());
        RelayConfig config = RelayFixture.config(Map.of());
        relay = Relay.builder(config).store(store).listener(listener).start();
        server = RelayServer.start(config, relay);
        relay.administration()
                .createAccount(
                        NewAccount.apiKey("a", upstream.uri().toString(), Secret.of(Canary.UPSTREAM_KEY.text())));
        standard = issue(BudgetMode.STANDARD);
        strict = issue(BudgetMode.STRICT);
    }

    private IssuedKey issue(BudgetMode mode) {
        IssuedKey issued = relay.administration().createKey(NewKey.named(mode.name()));
        Canaries.remember(issued.secret().reveal());
        // A client may ask again before the relay gave back what its last request held, which takes a time-out or two
        // when Redis begins to hang.
        KeyLimits limits = new KeyLimits(
                10 * CLIENTS,
                new RateLimit(60, PLENTY, PLENTY, PLENTY),
                new Budgets(mode, PLENTY, PLENTY, Budgets.Weekly.NONE, null),
                KeyLimits.NONE.modelsAllowed(),
                KeyLimits.NONE.modelsDenied());
        store.apiKeys()
                .update(
                        issued.key().id(),
                        old -> new ApiKey(
                                old.id(),
                                old.name(),
                                old.hash(),
                                old.enabled(),
                                limits,
                                old.createdAt(),
                                old.expiresAt(),
                                old.activation()));
        return issued;
    }

    @AfterEach
    void stop() throws IOException {
        ending = true;
        Wait.until("all clients end", () -> clients.stream().noneMatch(Thread::isAlive));
        server.close();
        upstream.close();
        peer.close();
    }

    private RawClient.Answer ask(String key, boolean stream) throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            byte[] body = stream ? StandaloneRelay.stream() : StandaloneRelay.message();
            return client.post("/v1/messages", key, body).readAnswer();
        }
    }

    private int health() throws IOException {
        try (RawClient client = new RawClient(server.port())) {
            return client.head("GET /health").readAnswer().head().status();
        }
    }

    private void begin(int number) {
        Thread thread = new Thread(
                () -> {
                    try {
                        for (int round = 0; !ending && problems.isEmpty(); round++) {
                            RawClient.Answer answer = ask(standard.secret().reveal(), (number + round) % 2 == 0);
                            assertThat(answer.head().status()).as(answer.text()).isEqualTo(200);
                            answers.incrementAndGet();
                        }
                    } catch (IOException | RuntimeException | AssertionError e) {
                        problems.add(e);
                    }
                },
                "client-" + number);
        clients.add(thread);
        thread.start();
    }

    private void awaitMore(int more) {
        int enough = answers.get() + more;
        Wait.until("answers go on", () -> answers.get() >= enough || !problems.isEmpty());
        assertThat(problems).isEmpty();
    }

    private void assertRefused(String key) throws IOException {
        RawClient.Answer refused = ask(key, false);
        assertThat(refused.head().status()).as(refused.text()).isEqualTo(503);
        assertThat(refused.head().header("retry-after")).isEqualTo("1");
    }

    private Path journal() {
        return folder.resolve("relay-away.journal");
    }

    private boolean waits() {
        try {
            return Files.size(journal()) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void no_request_of_a_standard_key_fails_and_all_is_booked_once() throws IOException {
        assertThat(ask(strict.secret().reveal(), false).head().status()).isEqualTo(200);
        for (int number = 0; number < CLIENTS; number++) {
            begin(number);
        }
        awaitMore(50);
        peer.freeze();
        goesOnWithout();
        peer.thaw();
        awaitMore(50);
        peer.kill();
        goesOnWithout();
        peer.restart();
        Wait.until("the journal is empty", () -> !waits());
        awaitMore(50);
        ending = true;
        Wait.until("all clients end", () -> clients.stream().noneMatch(Thread::isAlive));
        assertThat(problems).isEmpty();
        Wait.until("the relay is idle", () -> relay.exchangesInFlight() == 0);
        Wait.until("the journal is empty", () -> !waits());
        assertThat(ask(strict.secret().reveal(), false).head().status()).isEqualTo(200);
        assertEverythingIsBookedOnce();
    }

    @Test
    void refusals_without_redis_are_a_line_each_in_the_log() throws IOException {
        Logger logger = (Logger) LoggerFactory.getLogger("org.ccrelayer.internal.pipeline");
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        try {
            peer.kill();
            assertRefused(UNKNOWN);
            assertRefused(strict.secret().reveal());
        } finally {
            logger.detachAppender(appender);
        }
        assertThat(appender.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(event -> event.getThrowableProxy() == null);
    }

    private void goesOnWithout() throws IOException {
        Wait.until("rows wait", this::waits);
        awaitMore(100);
        assertRefused(UNKNOWN);
        assertRefused(strict.secret().reveal());
        assertThat(health()).isEqualTo(200);
        // Those that wait for the store, and the server's, are bounded by themselves; no others pile up.
        assertThat(threads("relay-store-")).isLessThanOrEqualTo(64);
        assertThat(threads("relay-settle-")).isLessThanOrEqualTo(32);
        long bounded = threads("relay-store-") + threads("relay-settle-") + threads("relay-server-");
        assertThat(threads("relay-") - bounded).isLessThan(32);
        awaitMore(50);
    }

    private static long threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix))
                .count();
    }

    private void assertEverythingIsBookedOnce() {
        int asked = answers.get() + 2;
        assertThat(upstream.requestCount()).isEqualTo(asked);
        Wait.until(
                "all are told",
                () -> listener.summaries().stream()
                                .filter(summary -> !summary.attempts().isEmpty())
                                .count()
                        == asked);
        LedgerFold fold = new LedgerFold();
        for (RequestSummary summary : listener.summaries()) {
            for (Attempt attempt : summary.attempts()) {
                assertThat(attempt.row().state()).isEqualTo(State.FINAL);
                fold.opened(attempt.row());
                fold.settled(attempt.row());
            }
        }
        assertThat(fold.rows()).hasSize(asked);
        fold.assertIsWhatTheStoreSays(store.usage(), ZoneOffset.UTC);
        long spent = 0;
        for (IssuedKey key : List.of(standard, strict)) {
            String keyId = key.key().id();
            KeyLimits limits = store.apiKeys().find(keyId).orElseThrow().limits();
            Wait.until(
                    "nothing is held",
                    () -> store.limits().use(keyId, limits, ZoneOffset.UTC).leases() == 0);
            spent += store.limits().use(keyId, limits, ZoneOffset.UTC).totalNanoUsd();
            assertThat(store.limits().use(keyId, limits, ZoneOffset.UTC).reservedNanoUsd())
                    .isZero();
        }
        assertThat(spent).isEqualTo(fold.spent());
        assertThat(peer.ask("KEYS", "relay:lease:*")).isEmpty();
    }
}
