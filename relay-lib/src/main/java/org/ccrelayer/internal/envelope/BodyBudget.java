package org.ccrelayer.internal.envelope;

import java.util.concurrent.atomic.AtomicLong;

/** The memory, in bytes, that all request bodies in flight may take together. Exact, lock-free, safe for all threads. */
public final class BodyBudget {
    private final long bytes;
    private final AtomicLong inUse = new AtomicLong();

    /**
     * A budget of which nothing is used.
     *
     * @param bytes at least 1
     */
    public BodyBudget(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("bytes: must be at least 1");
        }
        this.bytes = bytes;
    }

    /** Takes {@code count} bytes, all or none; false where so many are not left. */
    public boolean reserve(long count) {
        requireCount(count);
        long used = inUse.get();
        while (count <= bytes - used) {
            if (inUse.compareAndSet(used, used + count)) {
                return true;
            }
            used = inUse.get();
        }
        return false;
    }

    /**
     * Gives {@code count} reserved bytes back.
     *
     * @throws IllegalStateException if fewer were reserved; then nothing changes
     */
    public void release(long count) {
        requireCount(count);
        long used = inUse.get();
        while (count <= used) {
            if (inUse.compareAndSet(used, used - count)) {
                return;
            }
            used = inUse.get();
        }
        throw new IllegalStateException("more was given back than was reserved");
    }

    /** The bytes that are reserved now. */
    public long inUse() {
        return inUse.get();
    }

    private static void requireCount(long count) {
        if (count < 0) {
            throw new IllegalArgumentException("count: must not be negative");
        }
    }
}
