package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.LettuceVersion;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ccrelayer.account.Secret;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.RedisPeer;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the link does when Redis does not do what it should. */
class RedisLinkTest {
    private static final Script ONE = new Script("one", "return 1", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db");

    /** A deadline of 250 ms, and what a machine with too much to do adds to it. */
    private static final Duration SOON = Duration.ofMillis(1_500);

    private static final LinkTerms NO_WAITING =
            new LinkTerms(Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ZERO);

    /** A deadline that a frozen server does not reach while a test looks. */
    private static final LinkTerms LONG =
            new LinkTerms(Duration.ofMinutes(1), Duration.ofSeconds(10), Duration.ofSeconds(10));

    private static final int MOST_WAITING = 10_000;
    private static final int BEYOND = 100;

    /** What the client library lets in beyond its bound, for logins. */
    private static final int LOGINS = 5;

    private RedisPeer peer;

    @BeforeEach
    void startRedis() throws IOException {
        peer = RedisPeer.start();
    }

    @AfterEach
    void stopRedis() throws IOException {
        peer.close();
    }

    private RedisLink link() {
        return RedisRelay.link(peer, LinkTerms.USUAL, InstantSource.system());
    }

    private static void unavailable(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RelayException.class, e -> assertThat(e.outcome()).isEqualTo(Outcome.STORE_UNAVAILABLE))
                .hasMessage(Outcome.STORE_UNAVAILABLE.message());
    }

    private static boolean works(RedisLink link) {
        try {
            return link.decides(ONE, List.of(), List.of());
        } catch (RelayException e) {
            return false;
        }
    }

    @Test
    void the_client_library_is_the_version_that_is_to_be_tested() {
        String version = System.getProperty("test.lettuce").replace(".RELEASE", "");
        assertThat(LettuceVersion.getVersion()).startsWith(version);
        try (RedisLink link = link()) {
            assertThat(link.answers()).isTrue();
        }
    }

    @Test
    void at_the_start_a_server_that_answers_late_is_asked_again() {
        try (RedisLink link = link()) {
            peer.freeze();
            CompletableFuture<Void> loading = CompletableFuture.runAsync(() -> link.load(ONE));
            assertThat(works(link)).isFalse();
            assertThat(works(link)).isFalse();
            assertThat(loading).isNotDone();
            peer.thaw();
            loading.join();
        }
    }

    @Test
    void a_script_that_the_server_forgot_is_sent_again() {
        try (RedisLink link = link()) {
            for (int round = 0; round < 3; round++) {
                assertThat(link.run(ONE, List.of(), List.of())).isEqualTo(List.of(1L));
                assertThat(link.run(ONE, List.of(), List.of())).isEqualTo(List.of(1L));
                assertThat(peer.ask("SCRIPT", "FLUSH")).isEqualTo("OK");
            }
            assertThat(peer.calls()).containsEntry("eval", 3L).containsEntry("evalsha", 6L);
        }
    }

    @Test
    void a_server_that_was_started_again_is_used_again() throws IOException {
        try (RedisLink link = link()) {
            assertThat(works(link)).isTrue();
            peer.kill();
            Wait.until("the loss is noticed", () -> !works(link));
            Instant before = Instant.now();
            unavailable(() -> link.run(ONE, List.of(), List.of()));
            assertThat(Duration.between(before, Instant.now()))
                    .as("without a connection nobody waits")
                    .isLessThan(SOON);
            Wait.until("it is known", () -> !link.answers());
            peer.restart();
            Wait.until("it is used again", () -> works(link));
            assertThat(link.answers()).isTrue();
        }
    }

    @Test
    void a_frozen_server_is_given_up_within_the_deadline_and_used_when_it_goes_on() {
        try (RedisLink link = link()) {
            assertThat(works(link)).isTrue();
            peer.freeze();
            Instant before = Instant.now();
            unavailable(() -> link.run(ONE, List.of(), List.of()));
            assertThat(Duration.between(before, Instant.now())).isBetween(Duration.ofMillis(200), SOON);
            peer.thaw();
            Wait.until("it is used again", () -> works(link));
        }
    }

    @Test
    void a_server_that_stays_frozen_costs_nobody_time_after_a_while() {
        try (RedisLink link = link()) {
            peer.freeze();
            Wait.until("health tells", () -> !link.answers());
            Instant before = Instant.now();
            for (int call = 0; call < 1_000; call++) {
                assertThat(works(link)).isFalse();
            }
            assertThat(Duration.between(before, Instant.now()))
                    .as("a thousand calls, of which few were sent")
                    .isLessThan(Duration.ofSeconds(20));
            peer.thaw();
            Wait.until("health tells", link::answers);
            assertThat(works(link)).isTrue();
        }
    }

    @Test
    void what_is_beyond_the_bound_of_waiting_commands_fails_at_once_and_the_others_are_answered() {
        try (RedisLink link = RedisRelay.link(peer, LONG, InstantSource.system())) {
            peer.freeze();
            List<CompletableFuture<String>> sent = Stream.generate(() -> link.sent(RedisAsyncCommands::ping))
                    .limit(MOST_WAITING + BEYOND)
                    .toList();
            Wait.until("those beyond the bound ended", () -> done(sent).size() >= BEYOND - LOGINS);
            done(sent).forEach(each -> unavailable(() -> link.await(each)));
            peer.thaw();
            assertThat(sent.stream().filter(each -> answered(link, each)).count())
                    .isBetween((long) MOST_WAITING, (long) MOST_WAITING + LOGINS);
            assertThat(works(link)).isTrue();
        }
    }

    private static List<CompletableFuture<String>> done(List<CompletableFuture<String>> sent) {
        return sent.stream().filter(CompletableFuture::isDone).toList();
    }

    private static boolean answered(RedisLink link, CompletableFuture<String> ping) {
        try {
            return link.await(ping).equals("PONG");
        } catch (RelayException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LOADING Redis is loading the dataset in memory",
                "READONLY You can't write against a read only replica.",
                "OOM command not allowed when used memory > 'maxmemory'.",
                "CROSSSLOT Keys in request don't hash to the same slot",
                "MISCONF Redis is configured to save RDB snapshots",
                "BUSY Redis is busy running a script.",
                "NOAUTH Authentication required.",
                "MASTERDOWN Link with MASTER is down",
                "ERR anything"
            })
    void every_error_is_the_stores_outcome(String error) {
        try (RedisLink link = link()) {
            String source = "return redis.error_reply(ARGV[1])";
            unavailable(() -> link.call(redis -> redis.eval(source, ScriptOutputType.MULTI, new String[0], error)));
            assertThat(works(link)).as("an error is an answer").isTrue();
        }
    }

    @Test
    void a_script_that_no_server_takes_is_asked_for_twice_only() {
        try (RedisLink link = link()) {
            Script lost =
                    new Script("lost", "return redis.error_reply('NOSCRIPT No matching script.')", "0".repeat(40));
            unavailable(() -> link.run(lost, List.of(), List.of()));
        }
    }

    @Test
    void a_full_memory_is_the_stores_outcome() throws IOException {
        try (RedisPeer small = RedisPeer.start("--maxmemory", "1", "--maxmemory-policy", "noeviction");
                RedisLink link = RedisRelay.link(small, LinkTerms.USUAL, InstantSource.system())) {
            unavailable(() -> link.call(redis -> redis.set("relay:x", "1")));
            unavailable(() -> link.run(
                    new Script("set", "return redis.call('SET', KEYS[1], '1')", "1".repeat(40)),
                    List.of("relay:x"),
                    List.of()));
        }
    }

    @Test
    void a_server_that_became_a_replica_is_the_stores_outcome() {
        try (RedisLink link = link()) {
            peer.ask("REPLICAOF", "127.0.0.1", "1");
            unavailable(() -> link.call(redis -> redis.set("relay:x", "1")));
            peer.ask("REPLICAOF", "NO", "ONE");
            assertThat(link.<String>call(redis -> redis.set("relay:x", "1"))).isEqualTo("OK");
        }
    }

    @Test
    void a_cluster_is_refused_with_a_remedy() throws IOException {
        try (RedisPeer cluster = RedisPeer.start("--cluster-enabled", "yes")) {
            assertThatThrownBy(() -> RedisRelay.link(cluster, LinkTerms.USUAL, InstantSource.system()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("REDIS_ADDR: ")
                    .hasMessageContaining("Redis Cluster")
                    .hasMessageContaining("use one server, or Sentinels");
        }
    }

    @Test
    void a_replica_is_refused_with_a_remedy() {
        peer.ask("REPLICAOF", "127.0.0.1", "1");
        assertThatThrownBy(this::link).hasMessageContaining("is a replica; name its master");
    }

    @Test
    void a_server_that_is_not_there_is_told() {
        peer.kill();
        assertThatThrownBy(() -> RedisRelay.link(peer, NO_WAITING, InstantSource.system()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "REDIS_ADDR: no Redis answers at " + peer.address() + "; check the address and that it runs");
        Wait.until("no thread is left", () -> threads().isEmpty());
    }

    @Test
    void a_password_is_used_and_never_told() throws IOException {
        String right = Canary.ENCRYPTION_KEY.text();
        String wrong = Canary.PROXY_PASSWORD.text();
        try (RedisPeer locked = RedisPeer.start("--requirepass", right)) {
            RedisTarget known = RedisTarget.of(locked.address(), Secret.of(right), null);
            try (RedisLink link = RedisLink.open(known, InstantSource.system())) {
                assertThat(works(link)).isTrue();
                assertThat(link + " " + known).doesNotContain(right).contains(locked.address());
            }
            RedisTarget stranger = RedisTarget.of(locked.address(), Secret.of(wrong), null);
            assertThatThrownBy(() -> RedisLink.open(stranger, InstantSource.system()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("check REDIS_PASSWORD")
                    .satisfies(e -> assertThat(printed(e)).doesNotContain(wrong));
            RedisTarget nobody = RedisTarget.of(locked.address(), null, null);
            assertThatThrownBy(() -> RedisLink.open(nobody, InstantSource.system()))
                    .hasMessageContaining("NOAUTH");
        }
    }

    private static String printed(Throwable problem) {
        StringWriter text = new StringWriter();
        problem.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void the_database_is_the_one_that_was_named() {
        RedisTarget third = RedisTarget.of(peer.address(), null, 3);
        try (RedisLink link = RedisLink.open(third, InstantSource.system())) {
            link.call(redis -> redis.set("relay:x", "1"));
        }
        assertThat(peer.ask("INFO", "keyspace")).contains("db3:keys=1").doesNotContain("db0");
    }

    @Test
    void an_interrupt_waits_for_the_answer_and_stays() {
        try (RedisLink link = link()) {
            Thread.currentThread().interrupt();
            assertThat(link.decides(ONE, List.of(), List.of())).isTrue();
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void closing_ends_every_thread_and_may_be_repeated() {
        RedisLink link = link();
        assertThat(works(link)).isTrue();
        assertThat(threads()).isNotEmpty().allMatch(Thread::isDaemon);
        link.close();
        link.close();
        assertThat(link.answers()).isFalse();
        unavailable(() -> link.call(RedisAsyncCommands::ping));
        Wait.until("no thread is left", () -> threads().isEmpty());
        assertThat(peer.ask("CLIENT", "LIST").lines())
                .as("but the one that asks")
                .hasSize(1);
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("lettuce"))
                .toList();
    }
}
