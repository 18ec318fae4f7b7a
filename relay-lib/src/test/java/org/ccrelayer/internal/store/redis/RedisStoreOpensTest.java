package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.testkit.RedisPeer;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store does when it is opened, and what is left where it cannot be; and what it keeps of Redis while that is away. */
class RedisStoreOpensTest {
    @TempDir
    private Path folder;

    private RedisPeer peer;

    @BeforeEach
    void start() throws IOException {
        peer = RedisPeer.start();
    }

    @AfterEach
    void stop() throws IOException {
        peer.close();
    }

    private RedisStore open(String user) {
        RedisTarget target = RedisTarget.of("redis://" + user + peer.address(), null, null);
        return RedisStore.open(
                target, RedisRelay.terms(ZoneOffset.UTC), new AwayTerms(true, folder), InstantSource.system());
    }

    private static boolean threadsOfStores() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("relay-redis")
                        || thread.getName().startsWith("lettuce"));
    }

    @Test
    void one_that_cannot_be_opened_leaves_nothing_behind() {
        peer.ask("ACL", "SETUSER", "u", "on", ">p", "~*", "&*", "+@all", "-script");
        assertThatThrownBy(() -> open("u:p@"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("SCRIPT LOAD");
        Wait.until("its threads end", () -> !threadsOfStores());
        // The relay's connection takes the only place.
        peer.ask("CONFIG", "SET", "maxclients", "1");
        assertThatThrownBy(() -> open(""))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("second connection");
        Wait.until("its threads end", () -> !threadsOfStores());
        Wait.until(
                "there is room",
                () -> peer.ask("CONFIG", "SET", "maxclients", "100").equals("OK"));
        try (RedisStore store = open("")) {
            assertThat(store.healthy()).isTrue();
        }
    }

    @Test
    void one_whose_server_answers_late_at_first_is_opened_all_the_same() throws Exception {
        try (Between road = Between.plain(peer.port())) {
            road.late(Duration.ofMillis(200));
            Instant begun = Instant.now();
            Thread later = new Thread(() -> {
                Wait.until("it was asked in vain", () -> Instant.now().isAfter(begun.plusMillis(2_000)));
                road.late(Duration.ZERO);
            });
            later.start();
            RedisTarget target = RedisTarget.of("127.0.0.1:" + road.port(), null, null);
            LinkTerms slowToConnect =
                    new LinkTerms(Duration.ofMillis(250), Duration.ofSeconds(10), Duration.ofSeconds(10));
            try (RedisLink link = RedisLink.open(target, slowToConnect, InstantSource.system())) {
                assertThat(link.<String>call(redis -> redis.ping())).isEqualTo("PONG");
            } finally {
                later.join();
            }
        }
    }

    @Test
    void no_script_is_sent_as_a_whole_when_it_is_first_used() {
        try (RedisRelay relay = RedisRelay.at(peer, InstantSource.fixed(Samples.START))) {
            peer.countAnew();
            relay.apiKeys().create(Samples.key("k", 1));
            relay.apiKeys().update("k", key -> Samples.key("k", 2));
            relay.apiKeys().findByHash(Samples.hash("k"));
            relay.apiKeys().delete("k");
            relay.accounts().create(Samples.account("a", 1));
            relay.accounts().list();
            relay.rests().orElseThrow().others();
            relay.tokens().lock("a", "me", Duration.ofSeconds(5));
            relay.tokens().update("a", none -> Optional.empty());
            relay.tokens().unlock("a", "me");
            relay.accounts().delete("a");
            assertThat(peer.calls()).containsKey("evalsha").doesNotContainKey("eval");
        }
    }

    @Test
    void an_account_goes_on_with_its_token_while_redis_is_away() {
        Confirmed.Terms kept =
                new Confirmed.Terms(Duration.ofMillis(100), Duration.ofSeconds(60), Duration.ofSeconds(10), 100);
        StoredToken token = new StoredToken(
                "a",
                "origin",
                new StoredToken.Access(Secret.of("token"), Instant.MAX.minusSeconds(1), Instant.EPOCH),
                null,
                null,
                null);
        // One that tells nobody of it: what is told would be forgotten once more.
        try (RedisRelay other = RedisRelay.at(peer, InstantSource.system())) {
            other.tokens().update("a", none -> Optional.of(token));
        }
        try (RedisRelay relay = RedisRelay.keeping(peer, LinkTerms.USUAL, kept)) {
            assertThat(relay.tokens().find("a")).isPresent();
            peer.freeze();
            Wait.until("what it read is too old", () -> noKnown(relay));
            assertThat(relay.tokens().find("a").orElseThrow().access().token().reveal())
                    .isEqualTo("token");
            peer.thaw();
        }
    }

    /** One that was never read fails when Redis is asked, which is away by then. */
    private static boolean noKnown(RedisRelay relay) {
        try {
            relay.tokens().find("other");
            return false;
        } catch (RelayException e) {
            return true;
        }
    }
}
