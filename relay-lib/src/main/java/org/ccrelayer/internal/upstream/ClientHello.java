package org.ccrelayer.internal.upstream;

import java.nio.ByteBuffer;

/** The first message of a TLS handshake (RFC 8446 section 4.1.2), as far as it is of interest. Stateless. */
final class ClientHello {
    private static final int RECORD_HEADER = 5;
    private static final int HANDSHAKE_HEADER = 4;
    private static final int VERSION_AND_RANDOM = 34;
    private static final int SUPPORTED_GROUPS = 10;

    private ClientHello() {}

    /** Whether the message in one record, of the relay's own making, offers any group. */
    static boolean offersGroups(ByteBuffer bytes) {
        ByteBuffer hello = bytes.duplicate();
        skip(hello, RECORD_HEADER + HANDSHAKE_HEADER + VERSION_AND_RANDOM);
        skip(hello, hello.get() & 0xff);
        skip(hello, hello.getShort() & 0xffff);
        skip(hello, hello.get() & 0xff);
        skip(hello, Short.BYTES);
        while (hello.hasRemaining()) {
            int type = hello.getShort() & 0xffff;
            int length = hello.getShort() & 0xffff;
            if (type == SUPPORTED_GROUPS) {
                return length > Short.BYTES;
            }
            skip(hello, length);
        }
        return false;
    }

    private static void skip(ByteBuffer bytes, int count) {
        bytes.position(bytes.position() + count);
    }
}
