package org.ccrelayer.internal.envelope;

/**
 * Looks into a gzip body (RFC 1952), of one member or several. Every member's checksum and length are checked, and
 * nothing may follow the last one: what decoders could read in two ways is refused.
 */
final class GzipScan implements BodyScan {
    private static final int TRAILER_BYTES = 8;

    private final Inflation inflation;
    private final GzipHeader header = new GzipHeader();
    private int trailerAt;
    private long trailer;
    private boolean memberSeen;

    GzipScan(long maxDecodedBytes) {
        inflation = new Inflation(true, maxDecodedBytes, "gzip");
    }

    @Override
    public void accept(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            if (!header.done()) {
                header(bytes[at++]);
            } else if (!inflation.finished()) {
                at += inflation.inflate(bytes, at, to);
            } else {
                trailer(bytes[at++]);
            }
        }
    }

    private void header(byte b) {
        if (!header.accept(b)) {
            throw inflation.corrupt();
        }
    }

    private void trailer(byte b) {
        trailer |= (b & 0xFFL) << 8 * trailerAt;
        if (++trailerAt < TRAILER_BYTES) {
            return;
        }
        if (!inflation.matches(trailer & 0xFFFF_FFFFL, trailer >>> 32)) {
            throw inflation.corrupt();
        }
        memberSeen = true;
        trailerAt = 0;
        trailer = 0;
        header.reset();
        inflation.nextMember();
    }

    @Override
    public RequestFacts end() {
        if (!memberSeen || !header.untouched()) {
            throw inflation.corrupt();
        }
        return inflation.end();
    }

    @Override
    public void close() {
        inflation.close();
    }
}
