package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Decision;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.testkit.RedisPeer;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a relay let in while its Redis was away, and what still runs when that is back. */
@Timeout(60)
class LetInWithoutRedisTest {
    private static final Duration TTL = Duration.ofMinutes(5);
    private static final KeyLimits LIMITS = KeyLimits.NONE.withConcurrency(2).withRate(new RateLimit(60, 100, 0, 0));

    private RedisPeer peer;
    private RedisRelay relay;
    private RedisRelay other;

    @BeforeEach
    void start() throws IOException {
        peer = RedisPeer.start();
        relay = RedisRelay.of(peer.address(), AwayTerms.IN_MEMORY, InstantSource.system());
        other = RedisRelay.of(peer.address(), AwayTerms.IN_MEMORY, InstantSource.system());
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
        other.close();
        peer.close();
    }

    private static Lease lease(String exchangeId) {
        return new Lease("k", exchangeId);
    }

    private static boolean isLetIn(RedisRelay asked, String exchangeId) {
        Claim claim = new Claim(lease(exchangeId), LIMITS, ZoneOffset.UTC, "opus", 0, TTL);
        return asked.limits().claim(claim) instanceof Decision.Granted;
    }

    private int leases() {
        return other.limits().use("k", LIMITS, ZoneOffset.UTC).leases();
    }

    private String windowRequests() {
        return peer.ask("HGET", "relay:book:k", "window.requests");
    }

    private void letInTwoWithoutRedis() {
        assertThat(isLetIn(relay, "before")).isTrue();
        relay.limits().release(lease("before"), false);
        Wait.until("the first one has ended", () -> leases() == 0);
        peer.freeze();
        assertThat(isLetIn(relay, "x1")).isTrue();
        assertThat(isLetIn(relay, "x2")).isTrue();
        peer.thaw();
        Wait.until("Redis is back", () -> !relay.away().now() && !other.away().now());
    }

    @Test
    void it_has_its_place_for_all_relays_until_it_ends() {
        letInTwoWithoutRedis();
        assertThat(leases()).isEqualTo(2);
        assertThat(isLetIn(other, "x3")).isFalse();
        assertThat(relay.limits().renew(lease("x1"), TTL, 2)).isTrue();
        relay.limits().release(lease("x1"), false);
        Wait.until("a place is free", () -> leases() == 1);
        assertThat(isLetIn(other, "x3")).isTrue();
        relay.limits().release(lease("x2"), false);
        other.limits().release(lease("x3"), false);
        Wait.until("nobody runs", () -> leases() == 0);
        assertThat(peer.ask("KEYS", "relay:lease:*")).isEmpty();
    }

    @Test
    void it_takes_a_place_with_its_renewal_where_the_server_forgot_it() {
        letInTwoWithoutRedis();
        peer.ask("DEL", "relay:lease:x1", "relay:running:k");
        assertThat(relay.limits().renew(lease("x1"), TTL, 2)).isTrue();
        assertThat(leases()).isEqualTo(1);
        assertThat(other.limits().renew(lease("unknown"), TTL, 2)).isFalse();
    }

    @Test
    void it_gives_nothing_back_to_a_window_that_did_not_count_it() {
        letInTwoWithoutRedis();
        assertThat(windowRequests()).isEqualTo("1");
        relay.limits().release(lease("x1"), true);
        relay.limits().release(lease("x2"), true);
        Wait.until("nobody runs", () -> leases() == 0);
        assertThat(windowRequests()).isEqualTo("1");
    }
}
