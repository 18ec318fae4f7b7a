package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.ccrelayer.testkit.RedisPeer;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a real server does wrong during load: no exchange of a standard key fails, and every row is booked once. */
@Timeout(120)
class RedisFailsUnderLoadTest {
    /** What no exchange may take, on a machine with too much to do. */
    private static final Duration LONGEST = Duration.ofSeconds(8);

    @TempDir
    private Path folder;

    private RedisRelay relay(String address) {
        return RedisRelay.of(address, new AwayTerms(true, folder), InstantSource.system());
    }

    private static RedisPeer durable(String... more) throws IOException {
        String[] options = new String[more.length + 4];
        System.arraycopy(new String[] {"--appendonly", "yes", "--appendfsync", "always"}, 0, options, 0, 4);
        System.arraycopy(more, 0, options, 4, more.length);
        return RedisPeer.start(options);
    }

    private static void awaitAway(RedisRelay relay) {
        Wait.until("the outage is noticed", () -> relay.away().now());
    }

    private static void awaitBack(RedisRelay relay) {
        Wait.until("it is over", () -> !relay.away().now());
    }

    @Test
    void killed_and_started_again() throws Exception {
        try (RedisPeer peer = durable();
                RedisRelay relay = relay(peer.address());
                Traffic traffic = Traffic.on(relay)) {
            for (int round = 0; round < 3; round++) {
                peer.kill();
                awaitAway(relay);
                traffic.awaitMore(200);
                peer.restart();
                awaitBack(relay);
                traffic.awaitMore(20);
            }
            traffic.endsWell();
            assertThat(traffic.slowest()).isLessThan(LONGEST);
        }
    }

    @Test
    void frozen() throws Exception {
        try (RedisPeer peer = RedisPeer.start();
                RedisRelay relay = relay(peer.address());
                Traffic traffic = Traffic.on(relay)) {
            for (int round = 0; round < 3; round++) {
                peer.freeze();
                awaitAway(relay);
                Wait.until(
                        "it lasts long enough for another connection to be tried",
                        () -> relay.away().outage().lasting().compareTo(Duration.ofMillis(2_500)) > 0);
                traffic.awaitMore(200);
                peer.thaw();
                awaitBack(relay);
                traffic.awaitMore(20);
            }
            traffic.endsWell();
            assertThat(traffic.slowest()).isLessThan(LONGEST);
        }
    }

    @Test
    void slow_for_a_while() throws Exception {
        slowFor(Duration.ofSeconds(3));
    }

    @Test
    @Tag("full")
    void slow_for_half_a_minute() throws Exception {
        slowFor(Duration.ofSeconds(30));
    }

    private void slowFor(Duration time) throws Exception {
        try (RedisPeer peer = RedisPeer.start();
                Between road = Between.plain(peer.port());
                RedisRelay relay = relay("127.0.0.1:" + road.port());
                Traffic traffic = Traffic.on(relay)) {
            road.late(Duration.ofMillis(300));
            awaitAway(relay);
            Instant end = Instant.now().plus(time);
            while (Instant.now().isBefore(end)) {
                traffic.awaitMore(200);
            }
            assertThat(relay.away().outage().lasting()).isGreaterThan(time.dividedBy(2));
            road.late(Duration.ZERO);
            awaitBack(relay);
            traffic.endsWell();
            assertThat(traffic.slowest()).isLessThan(LONGEST);
        }
    }

    @Test
    void out_of_memory() throws Exception {
        try (RedisPeer peer = RedisPeer.start("--maxmemory-policy", "noeviction");
                RedisRelay relay = relay(peer.address());
                Traffic traffic = Traffic.on(relay)) {
            assertThat(peer.ask("CONFIG", "SET", "maxmemory", "1")).isEqualTo("OK");
            awaitAway(relay);
            traffic.awaitMore(200);
            assertThat(relay.away().now()).isTrue();
            peer.ask("CONFIG", "SET", "maxmemory", "0");
            awaitBack(relay);
            traffic.endsWell();
        }
    }

    @Test
    void without_its_scripts() throws Exception {
        try (RedisPeer peer = RedisPeer.start();
                RedisRelay relay = relay(peer.address());
                Traffic traffic = Traffic.on(relay)) {
            for (int round = 0; round < 30; round++) {
                assertThat(peer.ask("SCRIPT", "FLUSH")).isEqualTo("OK");
                traffic.awaitMore(5);
            }
            traffic.endsWell();
        }
    }

    @Test
    void a_replica_that_takes_no_writes() throws Exception {
        try (RedisPeer peer = RedisPeer.start();
                RedisRelay relay = relay(peer.address());
                Traffic traffic = Traffic.on(relay)) {
            peer.ask("REPLICAOF", "127.0.0.1", "1");
            awaitAway(relay);
            traffic.awaitMore(200);
            assertThat(relay.away().now()).isTrue();
            peer.ask("REPLICAOF", "NO", "ONE");
            awaitBack(relay);
            traffic.endsWell();
        }
    }

    @Test
    void loading_what_it_wrote() throws Exception {
        try (RedisPeer peer = durable("--key-load-delay", "100");
                RedisRelay relay = relay(peer.address());
                Traffic traffic = Traffic.on(relay)) {
            traffic.awaitMore(100);
            peer.kill();
            awaitAway(relay);
            peer.beginAgain();
            Wait.until("it tells that it is loading", () -> tells(peer, "LOADING", "GET", "relay:x"));
            traffic.awaitMore(100);
            assertThat(relay.away().now()).isTrue();
            awaitBack(relay);
            traffic.endsWell();
        }
    }

    private static boolean tells(RedisPeer peer, String what, String... command) {
        try {
            return peer.ask(command).contains(what);
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    @Test
    void a_master_that_hangs_and_is_replaced_by_its_replica() throws Exception {
        try (RedisPeer master = RedisPeer.start();
                RedisPeer replica = RedisPeer.start("--replicaof", "127.0.0.1", "" + master.port());
                RedisPeer sentinel = RedisPeer.startSentinel(master.port())) {
            Wait.until(
                    "the replica follows",
                    () -> master.ask("INFO", "replication").contains("state=online"));
            Wait.until(
                    "the Sentinel knows it",
                    () -> sentinel.ask("SENTINEL", "replicas", "m").contains("" + replica.port()));
            try (RedisRelay relay = relay("redis-sentinel://" + sentinel.address() + "#m");
                    Traffic traffic = Traffic.on(relay)) {
                // What a replica has not received is lost with a master; here it has all of it.
                master.ask("CLIENT", "PAUSE", "20000", "WRITE");
                Wait.until(
                        "the replica has everything",
                        () -> offset(master, "master_repl_offset").equals(offset(replica, "master_repl_offset")));
                master.freeze();
                awaitAway(relay);
                Wait.until("the replica takes over", () -> tells(replica, "role:master", "INFO", "replication"));
                awaitBack(relay);
                traffic.awaitMore(50);
                master.thaw();
                Wait.until("the old master follows", () -> tells(master, "role:slave", "INFO", "replication"));
                traffic.awaitMore(50);
                traffic.endsWell();
            }
        }
    }

    private static String offset(RedisPeer peer, String name) {
        return ServerCheck.parsed(peer.ask("INFO", "replication")).getOrDefault(name, "");
    }
}
