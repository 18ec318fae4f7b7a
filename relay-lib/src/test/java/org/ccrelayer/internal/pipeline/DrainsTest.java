package org.ccrelayer.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.ccrelayer.testkit.ManualScheduler;
import org.junit.jupiter.api.Test;

/** How many answers may be read on, for whom, how long and how far. */
class DrainsTest {
    private static final Runnable NEVER = () -> {
        throw new AssertionError("it was not late");
    };

    private final ManualScheduler scheduler = new ManualScheduler();

    private Drains drains(boolean wanted, int most) {
        return new Drains(new DrainPolicy(wanted, Duration.ofSeconds(60), 1_000, most), scheduler);
    }

    @Test
    void noneBeginsWhereItIsNotWantedUnlessItIsAskedForAlways() {
        Drains drains = drains(false, 1);
        assertThat(drains.tryBegin(false, NEVER)).isEmpty();
        assertThat(drains.running()).isZero();
        assertThat(drains.tryBegin(true, NEVER)).isPresent();
        assertThat(drains.running()).isEqualTo(1);
    }

    @Test
    void noMoreBeginThanMayRunAndASlotIsGivenBackOnce() {
        Drains drains = drains(true, 2);
        Drain first = drains.tryBegin(false, NEVER).orElseThrow();
        assertThat(drains.tryBegin(false, NEVER)).isPresent();
        assertThat(drains.tryBegin(true, NEVER)).isEmpty();
        first.end();
        first.end();
        assertThat(drains.running()).isEqualTo(1);
        assertThat(drains.tryBegin(false, NEVER)).isPresent();
        assertThat(drains.tryBegin(false, NEVER)).isEmpty();
    }

    @Test
    void zeroMeansNeverForStrictKeysToo() {
        assertThat(drains(true, 0).tryBegin(true, NEVER)).isEmpty();
    }

    @Test
    void oneThatTakesTooLongIsToldOnceAndKeepsItsSlotUntilItEnds() {
        Drains drains = drains(true, 1);
        AtomicInteger late = new AtomicInteger();
        Drain drain = drains.tryBegin(false, late::incrementAndGet).orElseThrow();
        scheduler.advance(Duration.ofMillis(59_999));
        assertThat(late).hasValue(0);
        scheduler.advance(Duration.ofMillis(1));
        assertThat(late).hasValue(1);
        assertThat(drains.running()).isEqualTo(1);
        drain.end();
        assertThat(drains.running()).isZero();
    }

    @Test
    void oneThatEndsInTimeLeavesNoTimerBehind() {
        drains(true, 1).tryBegin(false, NEVER).orElseThrow().end();
        assertThat(scheduler.pending()).isZero();
    }

    @Test
    void bytesAreAllowedUpToTheLimit() {
        Drain drain = drains(true, 1).tryBegin(false, NEVER).orElseThrow();
        assertThat(drain.allows(999)).isTrue();
        assertThat(drain.allows(1)).isTrue();
        assertThat(drain.allows(1)).isFalse();
    }

    @Test
    void manyAtOnceNeverExceedTheLimit() throws Exception {
        Drains drains = drains(true, 3);
        AtomicInteger begun = new AtomicInteger();
        List<Thread> threads = IntStream.range(0, 8)
                .mapToObj(number -> new Thread(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        Optional<Drain> drain = drains.tryBegin(false, NEVER);
                        if (drain.isPresent() && begun.incrementAndGet() > 3) {
                            throw new AssertionError("more than three at once");
                        }
                        drain.ifPresent(one -> begun.decrementAndGet());
                        drain.ifPresent(Drain::end);
                    }
                }))
                .toList();
        AtomicInteger failed = new AtomicInteger();
        threads.forEach(thread -> thread.setUncaughtExceptionHandler((died, cause) -> failed.incrementAndGet()));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failed).hasValue(0);
        assertThat(drains.running()).isZero();
        assertThat(scheduler.pending()).isZero();
    }

    @Test
    void boundsWithoutSenseAreRefused() {
        assertThatThrownBy(() -> new DrainPolicy(true, Duration.ZERO, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DrainPolicy(true, Duration.ofSeconds(1), 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new DrainPolicy(true, Duration.ofSeconds(1), 1, -1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
