package org.ccrelayer.internal.store.embedded;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.OverspendSimulation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand histories of crashes, jumping clocks and expiring leases, none of which lets anybody overspend. */
class NobodyOverspendsTest {
    private static final Instant START = Instant.parse("2026-11-21T20:00:00Z");
    private static final int SEEDS = 10_000;
    private static final int SEEDS_WITH_A_FILE = 20;

    @Test
    @Timeout(300)
    void nobodyOverspendsWhateverHappens() {
        for (long seed = 0; seed < SEEDS; seed++) {
            MovedClock clock = new MovedClock(START);
            try (EmbeddedStore store = EmbeddedStore.inMemory(StoreTime.utc(clock))) {
                run(seed, store, clock);
            }
        }
    }

    @Test
    @Timeout(120)
    void nobodyOverspendsWithAFileEither(@TempDir Path directory) {
        AtomicInteger number = new AtomicInteger();
        for (long seed = SEEDS; seed < SEEDS + SEEDS_WITH_A_FILE; seed++) {
            MovedClock clock = new MovedClock(START);
            Path own = directory.resolve("store" + number.incrementAndGet());
            CredentialCipher cipher = new CredentialCipher(Secret.of("a test's encryption key"));
            try (EmbeddedStore store = EmbeddedStore.open(own, cipher, StoreTime.utc(clock))) {
                run(seed, store, clock);
            }
        }
    }

    private static void run(long seed, EmbeddedStore store, MovedClock clock) {
        try {
            new OverspendSimulation(seed, store, clock).run();
        } catch (AssertionError e) {
            Assertions.fail("seed " + seed + " overspends", e);
        }
    }
}
