package org.ccrelayer.internal.store.redis;

import java.io.IOException;
import java.time.Instant;
import org.assertj.core.api.Assertions;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.OverspendSimulation;
import org.ccrelayer.testkit.RedisPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Histories of crashes, jumping clocks and expiring leases on a real Redis, none of which lets anybody overspend. */
class NobodyOverspendsOnRedisTest {
    private static final Instant START = Instant.parse("2026-11-21T20:00:00Z");
    private static final int SEEDS = 60;

    @Test
    @Timeout(300)
    void nobody_overspends_whatever_happens() throws IOException {
        try (RedisPeer peer = RedisPeer.start()) {
            MovedClock clock = new MovedClock(START);
            try (RedisRelay relay = RedisRelay.at(peer, clock)) {
                for (long seed = 0; seed < SEEDS; seed++) {
                    peer.clear();
                    clock.moveTo(START);
                    run(seed, relay, clock);
                }
            }
        }
    }

    private static void run(long seed, RedisRelay relay, MovedClock clock) {
        try {
            new OverspendSimulation(seed, relay, clock).run();
        } catch (AssertionError e) {
            Assertions.fail("seed " + seed + " overspends", e);
        }
    }
}
