package org.ccrelayer.simulated;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The requests received so far, in arrival order, with a cursor for the one that is taken next. Thread-safe. */
final class RequestLog {
    private final boolean keeping;
    private final List<ReceivedRequest> requests = new ArrayList<>();
    private int count;
    private int taken;

    RequestLog(boolean keeping) {
        this.keeping = keeping;
    }

    synchronized void add(ReceivedRequest request) {
        count++;
        if (keeping) {
            requests.add(request);
            notifyAll();
        }
    }

    synchronized int count() {
        return count;
    }

    synchronized List<ReceivedRequest> all() {
        return List.copyOf(requests);
    }

    synchronized ReceivedRequest take(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (taken == requests.size()) {
            long rest = deadline - System.nanoTime();
            if (rest <= 0) {
                throw new IllegalStateException("no request within " + timeout + "; taken so far: " + taken);
            }
            await(rest);
        }
        return requests.get(taken++);
    }

    private void await(long nanos) {
        try {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(nanos, 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a request", e);
        }
    }
}
