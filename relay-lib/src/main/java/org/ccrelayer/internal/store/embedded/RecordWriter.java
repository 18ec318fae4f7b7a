package org.ccrelayer.internal.store.embedded;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/** Writes values one after the other into bytes that grow as needed. Used again after {@link #clear}. Not thread-safe. */
final class RecordWriter {
    private byte[] bytes = new byte[512];
    private int length;

    /** Forgets what was written. */
    RecordWriter clear() {
        length = 0;
        return this;
    }

    RecordWriter octet(int value) {
        room(1);
        bytes[length++] = (byte) value;
        return this;
    }

    RecordWriter number(long value) {
        room(Long.BYTES);
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            bytes[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    RecordWriter integer(int value) {
        room(Integer.BYTES);
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            bytes[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    RecordWriter text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        integer(utf8.length);
        room(utf8.length);
        System.arraycopy(utf8, 0, bytes, length, utf8.length);
        length += utf8.length;
        return this;
    }

    RecordWriter moment(Instant value) {
        return number(value.getEpochSecond()).integer(value.getNano());
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    /** What was written, as far as {@link #length}; the array is this writer's own. */
    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** A copy of what was written. */
    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** Overwrites four bytes that were written before. */
    void patch(int at, int value) {
        for (int index = 0; index < Integer.BYTES; index++) {
            bytes[at + index] = (byte) (value >>> (Integer.SIZE - Byte.SIZE * (index + 1)));
        }
    }
}
