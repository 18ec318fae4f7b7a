package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Many rows at once to a Redis that is quick, few to one that is not. */
class ReplayPaceTest {
    private final ReplayPace pace = new ReplayPace();

    private void took(int times, long millis) {
        for (int time = 0; time < times; time++) {
            pace.took(Duration.ofMillis(millis));
        }
    }

    @Test
    void a_quick_one_gets_more_each_time_up_to_a_hundred() {
        assertThat(pace.rows()).isEqualTo(10);
        took(1, 20);
        assertThat(pace.rows()).isEqualTo(20);
        took(9, 20);
        assertThat(pace.rows()).isEqualTo(100);
    }

    @Test
    void one_that_is_neither_quick_nor_slow_gets_as_many_as_before() {
        took(2, 20);
        took(9, 100);
        assertThat(pace.rows()).isEqualTo(40);
    }

    @Test
    void a_slow_one_gets_fewer_and_never_less_than_some() {
        took(9, 20);
        took(9, 200);
        assertThat(pace.rows()).isEqualTo(10);
    }

    @Test
    void one_that_does_not_answer_in_time_gets_one_at_a_time_and_more_when_it_does() {
        for (int time = 0; time < 9; time++) {
            pace.failed();
        }
        assertThat(pace.rows()).isEqualTo(1);
        took(1, 200);
        assertThat(pace.rows()).isEqualTo(1);
        took(9, 20);
        assertThat(pace.rows()).isEqualTo(100);
    }
}
