package org.ccrelayer.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccrelayer.internal.threads.RelayThreads;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The threads that wait for a store: bounded for what begins, and never too busy for what ends. */
class StoreWorkersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CountDownLatch answered = new CountDownLatch(1);
    private final AtomicInteger done = new AtomicInteger();
    private final StoreWorkers workers = new StoreWorkers(new RelayThreads()::named, 2, 1, 3);

    @AfterEach
    void close() throws InterruptedException {
        answered.countDown();
        workers.close(PATIENCE);
    }

    private void waiting() {
        try {
            answered.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        done.incrementAndGet();
    }

    private void fill() {
        AtomicInteger running = new AtomicInteger();
        for (int number = 0; number < 2; number++) {
            workers.begin(() -> {
                running.incrementAndGet();
                waiting();
            });
        }
        Wait.until("all to run", () -> running.get() == 2);
        for (int number = 0; number < 3; number++) {
            workers.begin(this::waiting);
        }
    }

    @Test
    void what_begins_is_refused_where_too_much_waits_and_taken_again_afterwards() {
        fill();
        assertThatThrownBy(() -> workers.begin(this::waiting)).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> workers.execute(this::waiting)).isInstanceOf(RejectedExecutionException.class);
        answered.countDown();
        Wait.until("all to be done", () -> done.get() == 5);
        workers.begin(this::waiting);
        Wait.until("one more to be done", () -> done.get() == 6);
    }

    @Test
    void what_ends_is_never_refused_and_does_not_wait_behind_what_begins() {
        fill();
        AtomicInteger ended = new AtomicInteger();
        for (int number = 0; number < 1_000; number++) {
            workers.finish(ended::incrementAndGet);
        }
        Wait.until("all to have ended", () -> ended.get() == 1_000);
        assertThat(done.get()).isZero();
    }

    @Test
    void what_ends_when_the_workers_have_ended_is_done_all_the_same() throws InterruptedException {
        workers.close(PATIENCE);
        workers.finish(done::incrementAndGet);
        assertThat(done.get()).isEqualTo(1);
    }

    @Test
    void parts_within_parts_stay_in_their_thread() {
        ConcurrentLinkedQueue<String> threads = new ConcurrentLinkedQueue<>();
        Runnable note = () -> threads.add(Thread.currentThread().getName());
        workers.begin(() -> {
            note.run();
            workers.begin(note);
            workers.finish(note);
        });
        Wait.until("all to run", () -> threads.size() == 3);
        assertThat(threads).containsOnly("relay-store-1");
        workers.begin(() -> workers.execute(note));
        Wait.until("it to run", () -> threads.size() == 4);
    }
}
