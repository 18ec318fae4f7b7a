package org.ccrelayer.internal.envelope;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A text of a body while it arrives in pieces, as UTF-8. Not safe for concurrent use. */
final class ValueText {
    private static final int FIRST_BYTES = 256;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;
    private int maxBytes;
    private boolean tooLong;

    /** Forgets everything and expects a text of at most {@code limit} bytes. */
    void begin(int limit) {
        length = 0;
        maxBytes = limit;
        tooLong = false;
    }

    /** Takes the next piece. */
    void append(byte[] piece, int count) {
        tooLong |= count > maxBytes - length;
        if (tooLong) {
            return;
        }
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, Math.min(maxBytes, 2 * bytes.length)));
        }
        System.arraycopy(piece, 0, bytes, length, count);
        length += count;
    }

    /** Whether the text is longer than its bound, so that it is not known. */
    boolean tooLong() {
        return tooLong;
    }

    boolean isEmpty() {
        return length == 0 && !tooLong;
    }

    /** Whether the text is {@code ascii}. */
    boolean is(byte[] ascii) {
        return length == ascii.length && !tooLong && Arrays.equals(bytes, 0, length, ascii, 0, length);
    }

    /** Whether the text begins with {@code ascii}. */
    boolean startsWith(byte[] ascii) {
        return !tooLong && length >= ascii.length && Arrays.equals(bytes, 0, ascii.length, ascii, 0, ascii.length);
    }

    /** The text; only where it is not too long. */
    String text() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
