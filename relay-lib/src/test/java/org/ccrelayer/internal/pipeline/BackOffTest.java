package org.ccrelayer.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How long an account is left alone before the same request asks it again. */
class BackOffTest {
    private final BackOff backOff = new BackOff(new Random(11));

    @Test
    void eachPauseIsWithinItsBoundsAndHardlyEverTheSame() {
        for (int times = 0; times < BackOff.MOST; times++) {
            long shortest = 250L << times;
            Set<Duration> seen = new HashSet<>();
            for (int round = 0; round < 10_000; round++) {
                seen.add(backOff.after(times));
            }
            assertThat(seen)
                    .allMatch(pause -> pause.compareTo(Duration.ofMillis(shortest)) >= 0
                            && pause.compareTo(Duration.ofMillis(3 * shortest)) <= 0)
                    .hasSizeGreaterThan(400);
        }
    }

    @Test
    void theSameSourceGivesTheSamePauses() {
        BackOff other = new BackOff(new Random(11));
        for (int round = 0; round < 100; round++) {
            assertThat(backOff.after(round % BackOff.MOST)).isEqualTo(other.after(round % BackOff.MOST));
        }
    }
}
