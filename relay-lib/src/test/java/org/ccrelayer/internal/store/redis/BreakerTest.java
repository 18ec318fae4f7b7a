package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.ccrelayer.testkit.MovedClock;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final MovedClock clock = new MovedClock(Instant.parse("2026-11-22T10:00:00Z"));
    private final Breaker breaker = new Breaker(clock, 3, PAUSE);

    private void stop() {
        for (int timeout = 0; timeout < 3; timeout++) {
            assertThat(breaker.lets()).isTrue();
            assertThat(breaker.timedOut()).isEqualTo(timeout == 2);
        }
    }

    @Test
    void it_lets_through_what_is_answered_now_and_then() {
        for (int round = 0; round < 10; round++) {
            assertThat(breaker.lets()).isTrue();
            breaker.timedOut();
            breaker.timedOut();
            assertThat(breaker.answered()).isFalse();
        }
        assertThat(breaker.closed()).isTrue();
    }

    @Test
    void it_lets_nobody_through_after_timeouts_in_a_row_until_the_pause_is_over() {
        stop();
        assertThat(breaker.closed()).isFalse();
        assertThat(breaker.lets()).isFalse();
        clock.move(PAUSE.minusMillis(1));
        assertThat(breaker.lets()).isFalse();
        clock.move(Duration.ofMillis(1));
        assertThat(breaker.lets()).isTrue();
        assertThat(breaker.lets()).as("one at a time").isFalse();
    }

    @Test
    void an_answer_ends_the_pause() {
        stop();
        clock.move(PAUSE);
        breaker.lets();
        assertThat(breaker.answered()).isTrue();
        assertThat(breaker.closed()).isTrue();
        assertThat(breaker.lets()).isTrue();
        assertThat(breaker.timedOut()).as("counted from zero").isFalse();
    }

    @Test
    void another_timeout_begins_another_pause() {
        stop();
        clock.move(PAUSE);
        breaker.lets();
        assertThat(breaker.timedOut()).as("told once").isFalse();
        assertThat(breaker.lets()).isFalse();
        clock.move(PAUSE);
        assertThat(breaker.lets()).isTrue();
    }

    @Test
    void a_question_that_was_not_asked_leaves_its_turn_to_another() {
        stop();
        clock.move(PAUSE);
        breaker.lets();
        breaker.notAsked();
        assertThat(breaker.lets()).isTrue();
    }

    @Test
    void a_clock_that_goes_back_does_not_make_the_pause_endless() {
        stop();
        clock.move(Duration.ofDays(-1));
        assertThat(breaker.lets()).isTrue();
    }
}
