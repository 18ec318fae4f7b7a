package org.ccrelayer.internal.envelope;

import java.nio.charset.StandardCharsets;

/**
 * The content blocks of a request and their sources while they are read. Members may come in any order, so that an object
 * is judged when it ends. A member that is repeated makes it dearer or leaves it as it is: what was marked stays marked,
 * and image data are left out of the text only where nothing could be read in two ways. Not safe for concurrent use.
 */
final class BlockCost {
    private static final byte[] IMAGE_TYPE = ascii("image");
    private static final byte[] DOCUMENT_TYPE = ascii("document");
    private static final byte[] RESULT_TYPE = ascii("tool_result");
    private static final byte[] REFERENCE_TYPE = ascii("tool_reference");
    private static final byte[] BASE64_TYPE = ascii("base64");
    private static final byte[] TEXT_TYPE = ascii("text");
    private static final byte[] CONTENT_TYPE = ascii("content");

    // Of any object here.
    private static final int TYPE = 1;
    private static final int TYPE_AGAIN = 1 << 1;
    // Of a source.
    private static final int BASE64 = 1 << 2;
    private static final int TEXT = 1 << 3;
    private static final int DATA = 1 << 4;
    private static final int DATA_AGAIN = 1 << 5;
    // Of a block.
    private static final int IMAGE = 1 << 6;
    private static final int DOCUMENT = 1 << 7;
    private static final int RESULT = 1 << 8;
    private static final int SOURCE = 1 << 9;
    private static final int SOURCE_AGAIN = 1 << 10;
    private static final int BASE64_SOURCE = 1 << 11;
    private static final int TEXT_SOURCE = 1 << 12;
    private static final int OTHER_SOURCE = 1 << 13;

    private final short[] marks = new short[EnvelopeScanner.MAX_DEPTH + 1];
    private final CostTally tally;
    private long data;
    private long resultData;
    private long imagesInResult;

    BlockCost(CostTally tally) {
        this.tally = tally;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void mark(int depth, int mark) {
        marks[depth] |= (short) mark;
    }

    private boolean is(int depth, int mark) {
        return (marks[depth] & mark) != 0;
    }

    private void markOnce(int depth, int mark, int again) {
        mark(depth, is(depth, mark) ? again : mark);
    }

    /** An object or a list begins, of which nothing is known. */
    void begin(int depth) {
        marks[depth] = 0;
    }

    /** The innermost object, of that place, has a member of that name. */
    void name(int depth, CostPlace place, CostName name) {
        switch (name) {
            case TYPE -> markOnce(depth, TYPE, TYPE_AGAIN);
            case SOURCE -> markOnce(depth, SOURCE, SOURCE_AGAIN);
            case DATA -> {
                markOnce(depth, DATA, DATA_AGAIN);
                data(place, 0);
            }
            default -> {}
        }
    }

    /** A source has a text as its data, of that many bytes as they stand in the body. */
    void data(CostPlace place, long bytes) {
        if (place == CostPlace.SOURCE) {
            data = bytes;
        } else if (place == CostPlace.RESULT_SOURCE) {
            resultData = bytes;
        }
    }

    /** The type of a source. */
    void sourceType(int depth, ValueText type) {
        if (type.is(BASE64_TYPE)) {
            mark(depth, BASE64);
        } else if (type.is(TEXT_TYPE) || type.is(CONTENT_TYPE)) {
            mark(depth, TEXT);
        }
    }

    /** The type of a block. */
    void blockType(int depth, ValueText type) {
        if (type.is(IMAGE_TYPE)) {
            mark(depth, IMAGE);
        } else if (type.is(DOCUMENT_TYPE)) {
            mark(depth, DOCUMENT);
        } else if (type.is(RESULT_TYPE)) {
            mark(depth, RESULT);
        } else if (type.is(REFERENCE_TYPE)) {
            tally.toolReference();
        }
    }

    /** A source ends; its block is around it. */
    void endSource(int depth) {
        boolean sure = is(depth, TYPE) && !is(depth, TYPE_AGAIN);
        boolean text = sure && is(depth, TEXT);
        mark(depth - 1, text ? TEXT_SOURCE : OTHER_SOURCE);
        if (sure && is(depth, BASE64) && is(depth, DATA) && !is(depth, DATA_AGAIN)) {
            mark(depth - 1, BASE64_SOURCE);
        }
    }

    /** A block ends, or something that might be one. */
    void endBlock(int depth, CostPlace place) {
        boolean sure = !is(depth, TYPE_AGAIN);
        boolean image = is(depth, IMAGE);
        if (image) {
            tally.image();
        }
        boolean fetched = is(depth, OTHER_SOURCE) && !(image && sure);
        if (fetched || is(depth, DOCUMENT) && !is(depth, TEXT_SOURCE)) {
            tally.unboundedInput();
        }
        boolean data = image && sure && is(depth, BASE64_SOURCE) && !is(depth, SOURCE_AGAIN);
        endImages(place, data, sure && is(depth, RESULT));
    }

    private void endImages(CostPlace place, boolean image, boolean result) {
        if (place == CostPlace.RESULT_BLOCK && image) {
            imagesInResult += resultData;
        } else if (place == CostPlace.BLOCK) {
            tally.imageBytes((image ? data : 0) + (result ? imagesInResult : 0));
            imagesInResult = 0;
        }
    }
}
