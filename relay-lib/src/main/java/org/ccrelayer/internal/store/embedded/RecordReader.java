package org.ccrelayer.internal.store.embedded;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Reads back what a {@link RecordWriter} wrote, in the same order. Not thread-safe. */
final class RecordReader {
    private final ByteBuffer bytes;

    RecordReader(byte[] bytes) {
        this(ByteBuffer.wrap(bytes));
    }

    RecordReader(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    int octet() {
        return bytes.get();
    }

    long number() {
        return bytes.getLong();
    }

    int integer() {
        return bytes.getInt();
    }

    String text() {
        byte[] utf8 = new byte[bytes.getInt()];
        bytes.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    Instant moment() {
        return Instant.ofEpochSecond(bytes.getLong(), bytes.getInt());
    }
}
