package org.ccrelayer.internal.metering;

import java.util.Arrays;
import java.util.List;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.json.JsonScanner;
import org.ccrelayer.internal.json.JsonVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Counts the Unicode characters that a {@code content_block_start} or {@code content_block_delta} delivers: those of
 * {@code text}, {@code thinking} and {@code partial_json}, not those of signatures, citations or results; and has the
 * beginnings of blocks read for what else they tell. Reads the
 * event's JSON as it comes and allocates nothing, except where that is malformed: then it stops until the next event.
 *
 * <p>The events of a block begin alike, up to the text that is counted. That beginning is learnt from an event that was
 * read in full, and where the next one begins with the same bytes the shortest beginning that leads to the same place is
 * read instead of them.
 */
final class BlockCounter implements JsonVisitor {
    private static final byte[] DELTA = Ascii.bytes("delta");
    private static final byte[] CONTENT_BLOCK = Ascii.bytes("content_block");
    private static final byte[] TYPE = Ascii.bytes("type");
    private static final byte[] TEXT = Ascii.bytes("text");
    private static final byte[] THINKING = Ascii.bytes("thinking");
    private static final byte[] PARTIAL_JSON = Ascii.bytes("partial_json");
    private static final byte[] COMPACTION = Ascii.bytes("compaction");
    private static final int MAX_DEPTH = 64;
    private static final int BLOCK_DEPTH = 2;
    private static final byte[] SHORTEST_BEGINNING = Ascii.bytes("{\"delta\":{\"text\":\"");
    private static final int MAX_BEGINNING_BYTES = 128;
    private static final byte[] NO_PIECE = {};

    private final JsonScanner scanner = new JsonScanner(this, MAX_DEPTH);
    private final ContentBlocks blocks = new ContentBlocks();
    private final byte[] beginning = new byte[MAX_BEGINNING_BYTES];
    private int beginningLength;
    private boolean learning;
    private byte[] piece = NO_PIECE;
    private int pieceFrom;
    private @Nullable EventKind kind;
    private boolean malformed;
    private int depth;
    private boolean blockNext;
    private boolean inBlock;
    private boolean typeNext;
    private boolean countedNext;
    private boolean counted;
    private boolean fullFromStart;
    private long characters;

    /** An event's data begins. */
    void begin(EventKind newKind) {
        scanner.reset();
        kind = newKind;
        malformed = false;
        depth = 0;
        blockNext = false;
        inBlock = false;
        typeNext = false;
        countedNext = false;
        counted = false;
        fullFromStart = false;
        characters = 0;
        blocks.blockEnds();
    }

    /** The next piece of the data; never throws. */
    void feed(byte[] bytes, int from, int to) {
        if (malformed) {
            return;
        }
        boolean first = kind == EventKind.CONTENT_BLOCK_DELTA && scanner.offset() == 0;
        try {
            if (first && beginsAsLearnt(bytes, from, to)) {
                scanner.feed(SHORTEST_BEGINNING, 0, SHORTEST_BEGINNING.length);
                scanner.feed(bytes, from + beginningLength, to);
            } else {
                learning = first;
                piece = bytes;
                pieceFrom = from;
                scanner.feed(bytes, from, to);
            }
        } catch (JsonException e) {
            malformed = true;
        }
        learning = false;
        piece = NO_PIECE;
    }

    private boolean beginsAsLearnt(byte[] bytes, int from, int to) {
        int end = from + beginningLength;
        return beginningLength > 0 && end <= to && Arrays.equals(bytes, from, end, beginning, 0, beginningLength);
    }

    /**
     * The characters of an event that ended, if its data was what was read last.
     *
     * @return none for an event whose data was not seen
     */
    long charactersOf(EventKind ended) {
        return ended == kind ? characters : 0;
    }

    /**
     * Whether the event that ended delivered content. A block that only opens, with its text to follow, does not; nor
     * does an empty piece. A piece that cannot be read does: something was sent.
     */
    boolean contentIn(EventKind ended) {
        boolean read = ended == kind;
        if (ended == EventKind.CONTENT_BLOCK_START) {
            return read && (characters > 0 || fullFromStart);
        }
        return !read || characters > 0 || !counted;
    }

    /** The files that code execution made, as far as the event that ended tells of them. */
    List<String> filesOf(EventKind ended) {
        return starting() && ended == kind && !malformed ? blocks.blockEnds() : List.of();
    }

    /** Whether any block so far was one of thinking. */
    boolean thought() {
        return blocks.thought();
    }

    private boolean starting() {
        return kind == EventKind.CONTENT_BLOCK_START;
    }

    /** Forgets the event. */
    void end() {
        kind = null;
    }

    @Override
    public void name(byte[] utf8, int length) {
        if (depth == 1) {
            blockNext = Ascii.is(kind == EventKind.CONTENT_BLOCK_DELTA ? DELTA : CONTENT_BLOCK, utf8, length);
        } else if (depth == BLOCK_DEPTH && inBlock) {
            typeNext = starting() && Ascii.is(TYPE, utf8, length);
            countedNext = Ascii.is(TEXT, utf8, length)
                    || Ascii.is(THINKING, utf8, length)
                    || Ascii.is(PARTIAL_JSON, utf8, length);
        }
        if (inBlock && starting()) {
            blocks.name(depth - BLOCK_DEPTH, utf8, length);
        }
    }

    @Override
    public void startObject(long offset) {
        inBlock |= depth == 1 && blockNext;
        open(false);
    }

    @Override
    public void endObject(long offset) {
        close();
        inBlock &= depth > 1;
    }

    @Override
    public void startArray(long offset) {
        open(true);
    }

    @Override
    public void endArray(long offset) {
        close();
    }

    private void open(boolean list) {
        depth++;
        if (inBlock && starting()) {
            blocks.begin(depth - BLOCK_DEPTH, list);
        }
    }

    private void close() {
        if (inBlock && starting()) {
            blocks.end(depth - BLOCK_DEPTH);
        }
        depth--;
    }

    @Override
    public boolean startString(long offset) {
        if (!inBlock || depth != BLOCK_DEPTH) {
            return inBlock && blocks.wantsText();
        }
        if (countedNext && learning) {
            learn((int) offset + 1);
        }
        return typeNext;
    }

    private void learn(int length) {
        learning = false;
        if (length <= MAX_BEGINNING_BYTES) {
            beginningLength = length;
            System.arraycopy(piece, pieceFrom, beginning, 0, length);
        }
    }

    @Override
    public void stringPart(byte[] utf8, int length) {
        blocks.text(utf8, length);
        if (!typeNext || depth != BLOCK_DEPTH) {
            return;
        }
        // All other blocks, such as tool calls and their results, say something by beginning.
        fullFromStart = !Ascii.is(TEXT, utf8, length)
                && !Ascii.is(THINKING, utf8, length)
                && !Ascii.is(COMPACTION, utf8, length);
    }

    @Override
    public void endString(long offset, long length) {
        if (countedNext && inBlock && depth == BLOCK_DEPTH) {
            counted = true;
            characters += length;
        }
    }

    @Override
    public void number(byte[] ascii, int length) {}

    @Override
    public void bool(boolean value) {}

    @Override
    public void nullValue() {}
}
