package org.ccrelayer.internal.metering;

import java.util.Arrays;

/** Bytes collected up to a bound. Its array grows as needed and is used again. Not safe for concurrent use. */
final class BoundedBytes {
    private static final int FIRST_CAPACITY = 1024;

    private final int limit;
    private byte[] bytes = {};
    private int length;

    /** Room for at most {@code limit} bytes; none is taken up yet. */
    BoundedBytes(int limit) {
        this.limit = limit;
    }

    void clear() {
        length = 0;
    }

    /** Adds a piece; once the bound would be crossed, the whole content counts as lost until the next {@link #clear}. */
    void append(byte[] source, int from, int to) {
        int count = to - from;
        if (length < 0 || count > limit - length) {
            length = -1;
            return;
        }
        if (length + count > bytes.length) {
            int doubled = Math.max(FIRST_CAPACITY, 2 * bytes.length);
            bytes = Arrays.copyOf(bytes, Math.min(limit, Math.max(doubled, length + count)));
        }
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    /** How many bytes there are; -1 where there were too many. */
    int length() {
        return length;
    }

    /** The array that holds them, from its beginning; only good until the next change. */
    byte[] array() {
        return bytes;
    }

    /** A copy of them; empty where there were too many. */
    byte[] copy() {
        return Arrays.copyOf(bytes, Math.max(0, length));
    }
}
