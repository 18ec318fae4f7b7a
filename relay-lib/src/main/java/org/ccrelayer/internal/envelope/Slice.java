package org.ccrelayer.internal.envelope;

import java.nio.ByteBuffer;

/**
 * A part of an array that holds a part of a body.
 *
 * @param array never written to again
 * @param from the first byte
 * @param to behind the last byte, greater than {@code from}
 */
record Slice(byte[] array, int from, int to) {
    int length() {
        return to - from;
    }

    /** The bytes, not copied, with a position of their own. */
    ByteBuffer buffer() {
        return ByteBuffer.wrap(array, from, to - from).asReadOnlyBuffer();
    }

    @Override
    public String toString() {
        return "Slice[" + length() + " bytes]";
    }
}
