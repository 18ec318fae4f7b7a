package org.ccrelayer.internal.envelope;

import java.util.ArrayDeque;

/**
 * Arrays for request bodies, used again and again. Arrays are not cleared between two uses: who takes one must hand on
 * only what was written to it since. Safe for all threads.
 */
public final class ChunkPool {
    /** The size of every array that is pooled. */
    public static final int CHUNK_BYTES = 16 * 1024;

    private final int maxFree;
    private final ArrayDeque<byte[]> free = new ArrayDeque<>();

    /**
     * An empty pool.
     *
     * @param maxFree how many unused arrays are kept at most, 0 or more; the rest is left to the garbage collector
     */
    public ChunkPool(int maxFree) {
        if (maxFree < 0) {
            throw new IllegalArgumentException("maxFree: must not be negative");
        }
        this.maxFree = maxFree;
    }

    /** An array of {@link #CHUNK_BYTES} with any content; the one given back last, since it is still in the caches. */
    byte[] take() {
        byte[] chunk;
        synchronized (free) {
            chunk = free.pollFirst();
        }
        return chunk == null ? new byte[CHUNK_BYTES] : chunk;
    }

    /** Takes back an array that nobody else knows any more; arrays of another size are left to the garbage collector. */
    void giveBack(byte[] chunk) {
        if (chunk.length == CHUNK_BYTES) {
            synchronized (free) {
                if (free.size() < maxFree) {
                    free.addFirst(chunk);
                }
            }
        }
    }

    /** How many arrays wait to be used. */
    int free() {
        synchronized (free) {
            return free.size();
        }
    }
}
