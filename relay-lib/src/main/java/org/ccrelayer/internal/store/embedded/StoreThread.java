package org.ccrelayer.internal.store.embedded;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.threads.RelayThreads;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that touches the store's file; work runs in the order in which it was handed over. Being alone makes
 * every change atomic without locks. It also keeps callers' interrupts away from the file: an interrupt during I/O would
 * close the file's channel under everybody. Safe for concurrent use.
 */
final class StoreThread {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RelayThreads threads = new RelayThreads();
    private final ThreadFactory factory = threads.named("relay-store");
    private final ScheduledThreadPoolExecutor executor;
    private volatile @Nullable Thread thread;

    StoreThread() {
        executor = new ScheduledThreadPoolExecutor(1, this::newThread);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    private Thread newThread(Runnable loop) {
        Thread created = factory.newThread(loop);
        thread = created;
        return created;
    }

    /**
     * Runs the work and waits for its result; what it throws is thrown here.
     *
     * @throws RelayException if the store is closed, or the result does not come within 30 seconds
     * @throws IllegalStateException if called by work that is running on this thread
     */
    <T extends @Nullable Object> T call(Supplier<T> work) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a change must not change the store itself");
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        submit(() -> complete(result, work));
        return await(result);
    }

    private static <T extends @Nullable Object> void complete(CompletableFuture<T> result, Supplier<T> work) {
        try {
            result.complete(work.get());
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    /**
     * Hands over work without waiting for it; the work must not throw.
     *
     * @throws RelayException if the store is closed
     */
    void submit(Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException e) {
            throw new RelayException(Outcome.STORE_UNAVAILABLE, "The relay's store is closed.", e);
        }
    }

    /**
     * Hands over work to be run after a while, unless the thread is ended before.
     *
     * @return false if it has been ended already
     */
    boolean later(Duration delay, Runnable work) {
        try {
            executor.schedule(work, delay.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Takes no more work, runs what was handed over before and ends; waits for that, at most 30 seconds. */
    void end() {
        executor.shutdown();
        uninterruptibly(() -> executor.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        uninterruptibly(() -> {
            threads.awaitEnd(PATIENCE);
            return true;
        });
    }

    private static <T extends @Nullable Object> T await(CompletableFuture<T> result) {
        return uninterruptibly(() -> {
            try {
                return result.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                throw new RelayException(Outcome.STORE_UNAVAILABLE, Outcome.STORE_UNAVAILABLE.message(), e);
            } catch (ExecutionException e) {
                throw rethrown(e.getCause());
            }
        });
    }

    private static RuntimeException rethrown(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
    }

    private static <T extends @Nullable Object> T uninterruptibly(Waiting<T> waiting) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return waiting.end();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A wait that an interrupt may break off. */
    @FunctionalInterface
    private interface Waiting<T extends @Nullable Object> {
        T end() throws InterruptedException;
    }
}
