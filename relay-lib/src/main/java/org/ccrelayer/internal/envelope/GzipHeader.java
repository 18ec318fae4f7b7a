package org.ccrelayer.internal.envelope;

/** The header of a gzip member (RFC 1952 section 2.3), one byte at a time. Not safe for concurrent use. */
final class GzipHeader {
    private static final int[] START = {0x1F, 0x8B, 8};
    private static final int FIXED_BYTES = 10;
    private static final int FLAGS_AT = 3;
    private static final int CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private enum Part {
        FIXED,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        CHECKSUM,
        DONE
    }

    private Part part = Part.FIXED;
    private int at;
    private int flags;
    private int extraLength;

    /** Expects another header. */
    void reset() {
        part = Part.FIXED;
        at = 0;
        extraLength = 0;
    }

    /** Whether nothing of a header was seen. */
    boolean untouched() {
        return part == Part.FIXED && at == 0;
    }

    /** Whether the header is complete. */
    boolean done() {
        return part == Part.DONE;
    }

    /** Takes the next byte; false if no header has it there. */
    boolean accept(byte b) {
        int unit = b & 0xFF;
        boolean valid = part != Part.FIXED || fixed(unit);
        if (part == Part.EXTRA_LENGTH) {
            extraLength |= unit << 8 * at;
        }
        at++;
        if (partEnds(unit)) {
            next();
        }
        return valid;
    }

    private boolean fixed(int unit) {
        if (at == FLAGS_AT) {
            flags = unit;
            return (unit & RESERVED) == 0;
        }
        return at > FLAGS_AT || unit == START[at];
    }

    private boolean partEnds(int unit) {
        return switch (part) {
            case FIXED -> at == FIXED_BYTES;
            case EXTRA_LENGTH, CHECKSUM -> at == 2;
            case EXTRA -> at == extraLength;
            case NAME, COMMENT -> unit == 0;
            case DONE -> false;
        };
    }

    private void next() {
        do {
            part = Part.values()[part.ordinal() + 1];
        } while (!present());
        at = 0;
    }

    private boolean present() {
        return switch (part) {
            case FIXED, DONE -> true;
            case EXTRA_LENGTH -> (flags & EXTRA) != 0;
            case EXTRA -> (flags & EXTRA) != 0 && extraLength > 0;
            case NAME -> (flags & NAME) != 0;
            case COMMENT -> (flags & COMMENT) != 0;
            case CHECKSUM -> (flags & CHECKSUM) != 0;
        };
    }
}
