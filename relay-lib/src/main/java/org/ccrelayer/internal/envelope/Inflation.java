package org.ccrelayer.internal.envelope;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;

/**
 * Decodes deflated bytes through one small buffer into an {@link EnvelopeScanner}; what is decoded is not kept. It holds
 * native memory until it is closed. Not safe for concurrent use.
 */
final class Inflation implements AutoCloseable {
    private static final int BUFFER_BYTES = 8 * 1024;

    private final Inflater inflater;
    private final long maxBytes;
    private final String coding;
    private final EnvelopeScanner scanner = new EnvelopeScanner(false);
    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private long decoded;

    /**
     * Nothing decoded yet.
     *
     * @param bare whether the bytes come without the frame of RFC 1950
     * @param maxBytes how many bytes may be decoded in all
     * @param coding the name to use in messages
     */
    Inflation(boolean bare, long maxBytes, String coding) {
        this.inflater = new Inflater(bare);
        this.maxBytes = maxBytes;
        this.coding = coding;
    }

    /** Decodes what belongs to this member; returns how many of the bytes did. */
    int inflate(byte[] bytes, int from, int to) {
        inflater.setInput(bytes, from, to - from);
        try {
            int count;
            while ((count = inflater.inflate(buffer)) > 0) {
                emit(count);
            }
        } catch (DataFormatException e) {
            // Its message may quote; the position alone would not help anyone.
            throw corrupt();
        }
        if (!inflater.finished() && !inflater.needsInput()) {
            throw corrupt();
        }
        return to - from - inflater.getRemaining();
    }

    private void emit(int count) {
        decoded += count;
        if (decoded > maxBytes) {
            throw new RelayException(
                    Outcome.BODY_TOO_LARGE, "The decoded request body is larger than " + maxBytes + " bytes.");
        }
        crc.update(buffer, 0, count);
        scanner.accept(buffer, 0, count);
    }

    /** Whether the member that is being decoded is complete. */
    boolean finished() {
        return inflater.finished();
    }

    /** Whether this is the checksum of the member, and this its length modulo 2^32. */
    boolean matches(long checksum, long length) {
        return crc.getValue() == checksum && (inflater.getBytesWritten() & 0xFFFF_FFFFL) == length;
    }

    /** Expects another member whose content continues that of the one before. */
    void nextMember() {
        inflater.reset();
        crc.reset();
    }

    /** What was found in all that was decoded. */
    RequestFacts end() {
        return scanner.end();
    }

    /** The end of a body that is not what its coding says. */
    RelayException corrupt() {
        return new RelayException(Outcome.INVALID_REQUEST, "content-encoding: the request body is not valid " + coding);
    }

    @Override
    public void close() {
        inflater.end();
    }
}
