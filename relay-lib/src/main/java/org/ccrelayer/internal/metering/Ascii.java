package org.ccrelayer.internal.metering;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Words compared as bytes, so that a comparison allocates nothing. */
final class Ascii {
    private Ascii() {}

    /** The bytes of a word. */
    static byte[] bytes(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether the first {@code length} bytes are the word; a negative length is no word. */
    static boolean is(byte[] word, byte[] bytes, int length) {
        return length == word.length && Arrays.equals(bytes, 0, length, word, 0, length);
    }
}
