package org.ccrelayer.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
    @Test
    void gives_what_is_left_and_no_byte_more() {
        BodyBudget budget = new BodyBudget(10);
        assertThat(budget.reserve(4)).isTrue();
        assertThat(budget.reserve(7)).isFalse();
        assertThat(budget.reserve(6)).isTrue();
        assertThat(budget.reserve(1)).isFalse();
        assertThat(budget.reserve(0)).isTrue();
        assertThat(budget.inUse()).isEqualTo(10);
        budget.release(6);
        assertThat(budget.inUse()).isEqualTo(4);
    }

    @Test
    void is_not_fooled_by_counts_that_overflow() {
        BodyBudget budget = new BodyBudget(Long.MAX_VALUE);
        assertThat(budget.reserve(Long.MAX_VALUE - 1)).isTrue();
        assertThat(budget.reserve(Long.MAX_VALUE)).isFalse();
        assertThat(budget.inUse()).isEqualTo(Long.MAX_VALUE - 1);
    }

    @Test
    void refuses_to_take_back_more_than_it_gave() {
        BodyBudget budget = new BodyBudget(10);
        budget.reserve(3);
        assertThatThrownBy(() -> budget.release(4)).isInstanceOf(IllegalStateException.class);
        assertThat(budget.inUse()).isEqualTo(3);
        assertThatThrownBy(() -> budget.reserve(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> budget.release(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new BodyBudget(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void stays_exact_under_contention() throws InterruptedException {
        BodyBudget budget = new BodyBudget(5);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                for (int round = 0; round < 50_000; round++) {
                    if (budget.reserve(2)) {
                        most.accumulateAndGet(inside.addAndGet(2), Math::max);
                        inside.addAndGet(-2);
                        budget.release(2);
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(budget.inUse()).isZero();
        assertThat(most.get()).isBetween(2, 4);
    }
}
