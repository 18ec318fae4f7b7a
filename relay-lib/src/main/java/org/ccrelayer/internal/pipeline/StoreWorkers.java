package org.ccrelayer.internal.pipeline;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Threads that wait for a store behind a network, so that no others do. What ends exchanges has threads of its own, since it must not
 * wait behind requests that have not begun. As an executor it hands everything to another thread, as {@link #begin} does for those
 * that are not its own. Safe for concurrent use.
 */
public final class StoreWorkers implements StoreWork, Executor {
    private static final int BEGINNING = 64;
    private static final int ENDING = 32;
    private static final int IDLE_SECONDS = 30;

    /** At two waits of a tenth of a second each this is six seconds' work. */
    private static final int MOST_WAITING = 2_000;

    private final ThreadPoolExecutor beginning;
    private final ThreadPoolExecutor ending;
    private final int mostWaiting;
    private final AtomicInteger waiting = new AtomicInteger();
    private final ThreadLocal<Boolean> own = ThreadLocal.withInitial(() -> false);

    /** Workers on threads of such names, of which there are none while there is no work. */
    public StoreWorkers(Function<String, ThreadFactory> threads) {
        this(threads, BEGINNING, ENDING, MOST_WAITING);
    }

    /**
     * Workers.
     *
     * @param beginning how many run what begins
     * @param ending how many run what ends
     * @param mostWaiting how much that begins may wait for a thread
     */
    StoreWorkers(Function<String, ThreadFactory> threads, int beginning, int ending, int mostWaiting) {
        this.beginning = pool(beginning, threads, "relay-store");
        this.ending = pool(ending, threads, "relay-settle");
        this.mostWaiting = mostWaiting;
    }

    private static ThreadPoolExecutor pool(int size, Function<String, ThreadFactory> threads, String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                size, size, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads.apply(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @Override
    public void begin(Runnable part) {
        if (own.get()) {
            part.run();
        } else {
            execute(part);
        }
    }

    @Override
    public void execute(Runnable part) {
        if (waiting.incrementAndGet() > mostWaiting) {
            waiting.decrementAndGet();
            throw new RejectedExecutionException("too much waits for the store");
        }
        try {
            beginning.execute(() -> {
                waiting.decrementAndGet();
                here(part);
            });
        } catch (RejectedExecutionException e) {
            waiting.decrementAndGet();
            throw e;
        }
    }

    /** After {@link #close} in the thread of whoever asks: that is one which sees the relay out. */
    @Override
    public void finish(Runnable part) {
        if (own.get()) {
            part.run();
            return;
        }
        try {
            ending.execute(() -> here(part));
        } catch (RejectedExecutionException e) {
            part.run();
        }
    }

    private void here(Runnable part) {
        own.set(true);
        part.run();
    }

    /** Takes nothing more, and waits for what it took, at most that long for each half. */
    public void close(Duration patience) throws InterruptedException {
        beginning.shutdown();
        beginning.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
        ending.shutdown();
        ending.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
