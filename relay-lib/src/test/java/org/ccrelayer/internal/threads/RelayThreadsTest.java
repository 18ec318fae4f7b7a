package org.ccrelayer.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RelayThreadsTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final RelayThreads threads = new RelayThreads();

    @Test
    void no_thread_of_a_pool_is_left_once_its_end_was_awaited() throws Exception {
        for (int round = 0; round < 200; round++) {
            AtomicReference<Thread> used = new AtomicReference<>();
            ExecutorService pool = Executors.newFixedThreadPool(1, threads.named("pool"));
            pool.execute(() -> used.set(Thread.currentThread()));
            pool.shutdown();
            assertThat(pool.awaitTermination(LONG.toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
            threads.awaitEnd(LONG);
            assertThat(used.get().isAlive()).isFalse();
        }
    }

    @Test
    void a_thread_that_awaits_the_end_does_not_wait_for_itself() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        threads.named("self")
                .newThread(() -> {
                    try {
                        threads.awaitEnd(LONG);
                        done.countDown();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                })
                .start();
        assertThat(done.await(LONG.toMillis() / 2, TimeUnit.MILLISECONDS)).isTrue();
    }

    @Test
    void its_threads_are_daemons_with_numbered_names_and_no_webapp_s_class_loader() {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(new ClassLoader(before) {});
        try {
            Thread thread = threads.named("relay-sample").newThread(() -> {});
            assertThat(thread.getName()).isEqualTo("relay-sample-1");
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getContextClassLoader()).isSameAs(RelayThreads.class.getClassLoader());
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
