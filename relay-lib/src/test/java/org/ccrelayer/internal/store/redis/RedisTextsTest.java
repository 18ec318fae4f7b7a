package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.ccrelayer.ownership.Maker;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.ownership.ObjectKind;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.OnRedis;
import org.ccrelayer.testkit.Samples;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many sessions and objects are kept, and what becomes of those that are over. */
class RedisTextsTest extends OnRedis {
    private static final Duration TTL = Duration.ofHours(1);
    private static final Maker MAKER = new Maker("a", "w");

    private final MovedClock clock = new MovedClock(Samples.START);
    private RedisLink link;
    private RedisSessions sessions;

    @BeforeEach
    void open() {
        peer.clear();
        link = RedisRelay.link(peer, RedisRelay.PATIENT, clock);
        sessions = new RedisSessions(link, RedisTime.of(clock), 3);
    }

    @AfterEach
    void close() {
        link.close();
    }

    private void keep(String key, String session) {
        clock.move(Duration.ofMillis(1));
        sessions.keep(key, session, "a", TTL);
        awaitArrival();
    }

    /** Sessions are kept without waiting, and are asked for in order: only who looks past the relay must wait. */
    private void awaitArrival() {
        assertThat(link.<String>call(redis -> redis.ping())).isEqualTo("PONG");
    }

    @Test
    void the_session_that_was_asked_for_longest_ago_goes_first() {
        keep("k", "s1");
        keep("k", "s2");
        keep("k", "s3");
        clock.move(Duration.ofMillis(1));
        assertThat(sessions.account("k", "s1")).isPresent();
        keep("k", "s4");
        assertThat(sessions.account("k", "s2")).isEmpty();
        assertThat(sessions.account("k", "s1")).isPresent();
        keep("other", "s1");
        assertThat(sessions.account("k", "s1"))
                .as("another key's drive out none")
                .isPresent();
        assertThat(peer.ask("HLEN", "relay:sessions:k")).isEqualTo("3");
    }

    @Test
    void sessions_that_are_over_are_dropped_as_others_come() {
        RedisSessions many = new RedisSessions(link, RedisTime.of(clock), 1_000_000);
        IntStream.range(0, 200).forEach(number -> many.keep("k", "old" + number, "a", TTL));
        clock.move(TTL);
        IntStream.range(0, 400).forEach(number -> many.keep("k", "new" + number, "a", TTL));
        awaitArrival();
        assertThat(Integer.parseInt(peer.ask("HLEN", "relay:sessions:k")))
                .as("of 200 that are over, most are gone")
                .isBetween(400, 500);
        assertThat(peer.ask("ZCARD", "relay:sessions:k:asked")).isEqualTo(peer.ask("HLEN", "relay:sessions:k"));
    }

    @Test
    void many_objects_of_a_kind_drive_out_the_oldest_of_that_kind_only() {
        RedisObjects objects = new RedisObjects(link, RedisTime.of(clock), 3);
        ObjectId container = new ObjectId(ObjectKind.CONTAINER, "c");
        ObjectId file = new ObjectId(ObjectKind.FILE, "f");
        objects.made("k", List.of(container, file), MAKER);
        for (int number = 0; number < 4; number++) {
            clock.move(Duration.ofMillis(1));
            objects.made("k", List.of(new ObjectId(ObjectKind.MESSAGE, "m" + number)), MAKER);
            objects.made("k", List.of(new ObjectId(ObjectKind.FILE, "f" + number)), MAKER);
        }
        assertThat(objects.maker("k", new ObjectId(ObjectKind.MESSAGE, "m0"))).isEmpty();
        assertThat(objects.maker("k", new ObjectId(ObjectKind.MESSAGE, "m1"))).contains(MAKER);
        assertThat(objects.maker("k", container)).contains(MAKER);
        assertThat(objects.maker("k", file)).contains(MAKER);
        assertThat(objects.maker("k", new ObjectId(ObjectKind.FILE, "f0"))).contains(MAKER);
    }

    @Test
    void a_short_session_does_not_shorten_the_life_of_a_long_one() {
        sessions.keep("k", "long", "a", TTL);
        sessions.keep("k", "short", "a", Duration.ofMillis(1));
        awaitArrival();
        assertThat(Long.parseLong(peer.ask("PTTL", "relay:sessions:k"))).isGreaterThan(3_000_000);
        assertThat(sessions.account("k", "long")).contains("a");
    }
}
