package org.ccrelayer.internal.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The exchanges that have not ended. Safe for concurrent use. */
final class InFlight {
    private final Set<Exchange> exchanges = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition empty = lock.newCondition();

    void add(Exchange exchange) {
        exchanges.add(exchange);
    }

    void remove(Exchange exchange) {
        exchanges.remove(exchange);
        if (exchanges.isEmpty()) {
            lock.lock();
            try {
                empty.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    int count() {
        return exchanges.size();
    }

    List<Exchange> all() {
        return List.copyOf(exchanges);
    }

    /** Waits until none is left; false if some are after {@code limit}. */
    boolean awaitEmpty(Duration limit) throws InterruptedException {
        long remaining = limit.toNanos();
        lock.lockInterruptibly();
        try {
            while (!exchanges.isEmpty()) {
                if (remaining <= 0) {
                    return false;
                }
                // A short slice: a removal between the check and the wait must not cost the whole limit.
                long slice = Math.min(remaining, TimeUnit.MILLISECONDS.toNanos(50));
                remaining -= slice - Math.max(0, empty.awaitNanos(slice));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
