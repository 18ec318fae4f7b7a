package org.ccrelayer.internal.metering;

/** The header of a gzip member (RFC 1952 section 2.3), one byte at a time. Not safe for concurrent use. */
final class GzipHeader {
    private static final int FIXED_BYTES = 10;
    private static final int FLAGS_AT = 3;
    private static final int CHECKSUM_FLAG = 2;
    private static final int EXTRA_FLAG = 4;
    private static final int NAME_FLAG = 8;
    private static final int COMMENT_FLAG = 16;
    private static final int[] BEGINNING = {0x1F, 0x8B, 8};

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
    private int count;
    private int flags;
    private int extraLength;

    /** Expects the next header. */
    void reset() {
        part = Part.FIXED;
        count = 0;
    }

    boolean done() {
        return part == Part.DONE;
    }

    /** Takes the next byte; false if no gzip header has it there. */
    boolean accept(byte b) {
        int unit = b & 0xFF;
        switch (part) {
            case FIXED -> {
                return fixed(unit);
            }
            case EXTRA_LENGTH -> {
                extraLength = count == 0 ? unit : extraLength | unit << 8;
                // An empty extra field has no byte that could end it.
                endIf(++count == 2, extraLength == 0 ? Part.EXTRA : Part.EXTRA_LENGTH);
            }
            case EXTRA -> endIf(++count == extraLength, Part.EXTRA);
            case NAME, COMMENT -> endIf(unit == 0, part);
            case CHECKSUM -> endIf(++count == 2, Part.CHECKSUM);
            case DONE -> {
                return false;
            }
        }
        return true;
    }

    private boolean fixed(int unit) {
        if (count < BEGINNING.length && unit != BEGINNING[count]) {
            return false;
        }
        if (count == FLAGS_AT) {
            flags = unit;
        }
        endIf(++count == FIXED_BYTES, Part.FIXED);
        return true;
    }

    /** Goes on to the first part behind {@code ended} that this header has. */
    private void endIf(boolean over, Part ended) {
        if (over) {
            count = 0;
            part = ended;
            do {
                part = Part.values()[part.ordinal() + 1];
            } while (!has(part));
        }
    }

    private boolean has(Part next) {
        return switch (next) {
            case EXTRA_LENGTH, EXTRA -> (flags & EXTRA_FLAG) != 0;
            case NAME -> (flags & NAME_FLAG) != 0;
            case COMMENT -> (flags & COMMENT_FLAG) != 0;
            case CHECKSUM -> (flags & CHECKSUM_FLAG) != 0;
            case FIXED, DONE -> true;
        };
    }
}
