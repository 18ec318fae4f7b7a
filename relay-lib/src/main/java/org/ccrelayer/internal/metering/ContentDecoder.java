package org.ccrelayer.internal.metering;

import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Undoes a content coding (RFC 9110 section 8.4.1) for reading along, with a small buffer and as the bytes come. What
 * cannot be decoded ends the reading, as does an answer that grows beyond a bound. Checksums are not looked at: that is
 * the receiver's affair. Holds native memory until it is closed. Not safe for concurrent use.
 */
final class ContentDecoder implements AutoCloseable {
    /** The most decoded bytes of one answer that are read: an answer that packs more is not one of a model. */
    static final long MAX_DECODED_BYTES = 256L << 20;

    private static final int BUFFER_BYTES = 8 * 1024;
    private static final int GZIP_TRAILER_BYTES = 8;
    private static final int ZLIB_METHOD = 8;

    /** How the bytes of an answer are coded. */
    enum Coding {
        /** As they are. */
        IDENTITY,
        /** RFC 1952. */
        GZIP,
        /** RFC 1950, or without its wrapping RFC 1951, as some servers send it. */
        DEFLATE,
        /** Not to be read here. */
        UNKNOWN;

        /** The coding that a {@code Content-Encoding} names; more than one of them at once is unknown. */
        static Coding of(String contentEncoding) {
            Coding coding = IDENTITY;
            for (String token : contentEncoding.toLowerCase(Locale.ROOT).split(",")) {
                Coding next =
                        switch (token.strip()) {
                            case "", "identity" -> IDENTITY;
                            case "gzip", "x-gzip" -> GZIP;
                            case "deflate" -> DEFLATE;
                            default -> UNKNOWN;
                        };
                if (next != IDENTITY) {
                    coding = coding == IDENTITY ? next : UNKNOWN;
                }
            }
            return coding;
        }
    }

    private enum State {
        BEGINNING,
        GZIP_HEADER,
        BODY,
        GZIP_TRAILER,
        FINISHED,
        FAILED
    }

    private final AnswerReader reader;
    private final boolean gzip;
    private final long limit;
    private final GzipHeader header = new GzipHeader();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private Inflater inflater = new Inflater(true);
    private State state;
    private long decoded;
    private int trailer;
    private int members;

    /** Decodes for a reader, up to a number of decoded bytes. */
    ContentDecoder(AnswerReader reader, Coding coding, long limit) {
        this.reader = reader;
        this.gzip = coding == Coding.GZIP;
        this.limit = limit;
        this.state = gzip ? State.GZIP_HEADER : State.BEGINNING;
    }

    /** Whether nothing more is read: the coded data ended, or {@link #failed}. */
    boolean over() {
        return state == State.FINISHED || failed();
    }

    /** Whether the coded data was malformed or too long. */
    boolean failed() {
        return state == State.FAILED;
    }

    /** Decodes the next bytes and hands what they decode to on. */
    void feed(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && !over()) {
            switch (state) {
                case BEGINNING -> begin(bytes[at]);
                case GZIP_HEADER -> gzipHeader(bytes[at++]);
                case GZIP_TRAILER -> {
                    at++;
                    gzipTrailer();
                }
                default -> at = body(bytes, at, to);
            }
        }
    }

    private void begin(byte first) {
        if ((first & 0xF) == ZLIB_METHOD) {
            inflater.end();
            inflater = new Inflater();
        }
        state = State.BODY;
    }

    private void gzipHeader(byte b) {
        if (!header.accept(b)) {
            // What follows a whole member and is none is padding, and not an error.
            state = members > 0 ? State.FINISHED : State.FAILED;
        } else if (header.done()) {
            state = State.BODY;
        }
    }

    private void gzipTrailer() {
        // Another member may follow.
        if (++trailer == GZIP_TRAILER_BYTES) {
            trailer = 0;
            members++;
            header.reset();
            inflater.reset();
            state = State.GZIP_HEADER;
        }
    }

    private int body(byte[] bytes, int from, int to) {
        try {
            inflater.setInput(bytes, from, to - from);
            inflate();
        } catch (DataFormatException e) {
            state = State.FAILED;
        }
        return to - inflater.getRemaining();
    }

    private void inflate() throws DataFormatException {
        int count = inflater.inflate(buffer);
        while (count > 0 && decoded <= limit - count) {
            decoded += count;
            reader.feed(buffer, 0, count);
            count = inflater.inflate(buffer);
        }
        if (count > 0 || inflater.needsDictionary()) {
            state = State.FAILED;
        } else if (inflater.finished()) {
            state = gzip ? State.GZIP_TRAILER : State.FINISHED;
        }
    }

    /** Gives the native memory back; nothing may be fed after that. Closing twice is no error. */
    @Override
    public void close() {
        inflater.end();
    }
}
