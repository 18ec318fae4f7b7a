package org.ccrelayer.internal.envelope;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.jspecify.annotations.Nullable;

/**
 * A request body while it arrives. Memory is reserved before it is taken: at once where the length is known beforehand,
 * array by array otherwise; what is reserved is what the arrays take, so that a budget bounds memory and not content.
 * Ends with {@link #build} or {@link #discard}. Not safe for concurrent use.
 */
final class BodyBuilder {
    /** A body of a known length below this gets an array of its size. */
    private static final int SMALL_BYTES = 2 * 1024;

    private final ChunkPool pool;
    private final BodyBudget budget;
    private final long maxBytes;
    private final List<byte[]> arrays = new ArrayList<>();
    private byte @Nullable [] current;
    private int at;
    private long length;
    private int exact;
    private long reserved;
    private long taken;

    /**
     * An empty body.
     *
     * @param maxBytes the longest body
     */
    BodyBuilder(ChunkPool pool, BodyBudget budget, long maxBytes) {
        this.pool = requireNonNull(pool, "pool");
        this.budget = requireNonNull(budget, "budget");
        this.maxBytes = maxBytes;
    }

    /** Reserves what a body of {@code bytes} needs, of which nothing has arrived yet. */
    void expect(long bytes) {
        requireLength(bytes);
        boolean small = bytes < SMALL_BYTES;
        exact = small ? (int) bytes : 0;
        long chunks = (bytes + ChunkPool.CHUNK_BYTES - 1) / ChunkPool.CHUNK_BYTES;
        reserve(small ? bytes : chunks * ChunkPool.CHUNK_BYTES);
    }

    /** Takes a copy of what remains in {@code bytes} and shows that copy to {@code scan}. */
    void append(ByteBuffer bytes, BodyScan scan) {
        requireLength(length + bytes.remaining());
        while (bytes.hasRemaining()) {
            byte[] array = room();
            int count = Math.min(bytes.remaining(), array.length - at);
            bytes.get(array, at, count);
            int from = at;
            at += count;
            length += count;
            scan.accept(array, from, at);
        }
    }

    /** The body as it is now, to whom everything reserved goes over. */
    RequestBody build() {
        List<Slice> slices = new ArrayList<>(arrays.size());
        for (byte[] array : arrays) {
            slices.add(new Slice(array, 0, array == current ? at : array.length));
        }
        RequestBody body = new RequestBody(slices, pool, budget, reserved);
        reserved = 0;
        arrays.clear();
        return body;
    }

    /** Gives everything back; calls after the first, or after {@link #build}, do nothing. */
    void discard() {
        arrays.forEach(pool::giveBack);
        arrays.clear();
        budget.release(reserved);
        reserved = 0;
    }

    private byte[] room() {
        byte[] array = current;
        if (array == null || at == array.length) {
            array = nextArray();
            arrays.add(array);
            current = array;
            at = 0;
        }
        return array;
    }

    private byte[] nextArray() {
        boolean small = exact > 0 && arrays.isEmpty();
        int size = small ? exact : ChunkPool.CHUNK_BYTES;
        reserve(Math.max(0, taken + size - reserved));
        taken += size;
        return small ? new byte[size] : pool.take();
    }

    private void reserve(long bytes) {
        if (!budget.reserve(bytes)) {
            throw new RelayException(Outcome.RELAY_BUSY).retryAfter(Duration.ofSeconds(1));
        }
        reserved += bytes;
    }

    private void requireLength(long bytes) {
        if (bytes > maxBytes) {
            throw new RelayException(Outcome.BODY_TOO_LARGE, "The request body is larger than " + maxBytes + " bytes.");
        }
    }
}
