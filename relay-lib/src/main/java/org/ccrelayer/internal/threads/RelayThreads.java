package org.ccrelayer.internal.threads;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the daemon threads of pools, and waits until they are gone. A pool says that it has ended a moment before its last
 * thread has, and a container that looks just then takes that thread for a leak. Safe for concurrent use.
 */
public final class RelayThreads {
    private final Set<Thread> made = ConcurrentHashMap.newKeySet();

    /** A factory of threads that are called {@code name}, a hyphen and a number. */
    public ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            // Not that of whoever happened to need the thread, which may be a webapp that ends long before.
            thread.setContextClassLoader(RelayThreads.class.getClassLoader());
            made.removeIf(other -> other.getState() == Thread.State.TERMINATED);
            made.add(thread);
            return thread;
        };
    }

    /** Waits for the end of every thread but the calling one, at most {@code limit} for each; their pools must be stopped. */
    public void awaitEnd(Duration limit) throws InterruptedException {
        for (Thread thread : made) {
            if (thread != Thread.currentThread()) {
                thread.join(limit.toMillis());
            }
        }
    }
}
