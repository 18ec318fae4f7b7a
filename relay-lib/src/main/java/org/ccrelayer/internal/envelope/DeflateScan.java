package org.ccrelayer.internal.envelope;

import org.jspecify.annotations.Nullable;

/**
 * Looks into a body coded as {@code deflate}. The first two bytes tell whether it has the frame of RFC 1950; nothing may
 * follow its end.
 */
final class DeflateScan implements BodyScan {
    private static final String CODING = "deflate";

    private final long maxDecodedBytes;
    private final byte[] start = new byte[2];
    private int started;
    private @Nullable Inflation inflation;

    DeflateScan(long maxDecodedBytes) {
        this.maxDecodedBytes = maxDecodedBytes;
    }

    @Override
    public void accept(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && started < start.length) {
            start[started++] = bytes[at++];
            if (started == start.length) {
                inflate(start, 0, start.length);
            }
        }
        if (at < to) {
            inflate(bytes, at, to);
        }
    }

    private void inflate(byte[] bytes, int from, int to) {
        Inflation open = open();
        if (open.finished() || open.inflate(bytes, from, to) < to - from) {
            throw open.corrupt();
        }
    }

    private Inflation open() {
        Inflation open = inflation;
        if (open == null) {
            open = new Inflation(!framed(), maxDecodedBytes, CODING);
            inflation = open;
        }
        return open;
    }

    /** RFC 1950 section 2.2: the method is 8, and both bytes together are a multiple of 31. */
    private boolean framed() {
        int both = (start[0] & 0xFF) << 8 | start[1] & 0xFF;
        return (start[0] & 0x0F) == 8 && both % 31 == 0;
    }

    @Override
    public RequestFacts end() {
        Inflation open = open();
        if (!open.finished()) {
            throw open.corrupt();
        }
        return open.end();
    }

    @Override
    public void close() {
        if (inflation != null) {
            inflation.close();
        }
    }
}
