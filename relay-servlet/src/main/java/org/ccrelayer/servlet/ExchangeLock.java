package org.ccrelayer.servlet;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Holds off from the container's objects all threads but one. Tomcat keeps a connection's own lock while it calls its listeners, and takes
 * it for whoever reads in another thread: a listener that waited here for that thread would wait for ever. What listeners have to
 * do is therefore left to the thread that is inside, where there is one. Safe for concurrent use.
 */
final class ExchangeLock {
    private static final long PATIENCE_MILLIS = 100;
    private static final Runnable NOTHING = () -> {};

    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Supplier<Runnable>> left = new ConcurrentLinkedQueue<>();

    /** Waits until nobody is inside; for threads that no container calls. */
    void lock() {
        lock.lock();
    }

    /** Lets go, and does what was left by others meanwhile. */
    void unlock() {
        lock.unlock();
        doWhatIsLeft();
    }

    /**
     * Does something inside, now or as soon as the thread that is inside leaves; does not wait for it.
     *
     * @param work answers what is to be done outside afterwards
     */
    void signal(Supplier<Runnable> work) {
        left.add(work);
        doWhatIsLeft();
    }

    /**
     * As {@link #signal}, for what ends the request, after which the container takes its objects back: waits a moment for the thread that is
     * inside to leave, which it does unless it waits for the connection's lock and touches nothing any more.
     */
    void end(Supplier<Runnable> work) {
        if (lock.isHeldByCurrentThread() || !entered()) {
            signal(work);
            return;
        }
        Runnable told = NOTHING;
        try {
            told = work.get();
        } finally {
            unlock();
        }
        told.run();
    }

    private boolean entered() {
        try {
            return lock.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void doWhatIsLeft() {
        while (!left.isEmpty() && !lock.isHeldByCurrentThread() && lock.tryLock()) {
            Runnable told = NOTHING;
            try {
                Supplier<Runnable> next = left.poll();
                if (next != null) {
                    told = next.get();
                }
            } finally {
                lock.unlock();
            }
            told.run();
        }
    }
}
