package org.ccrelayer.internal.metering;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.internal.json.JsonScanner;
import org.ccrelayer.internal.json.JsonVisitor;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.ownership.ObjectKind;
import org.ccrelayer.usage.MeteredAnswer;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is one JSON document. Only its {@code usage}, {@link #MAX_USAGE_BYTES} at most, and the ids of what it made
 * are kept; the rest passes by, however long it is. Once the document is malformed nothing more is read. Not safe for
 * concurrent use.
 */
final class JsonAnswer implements AnswerReader, JsonVisitor {
    /** The longest usage object that is read. */
    static final int MAX_USAGE_BYTES = 256 * 1024;

    private static final int MAX_DEPTH = 2048;
    private static final int MAX_WORD_BYTES = 4 * MadeObjects.MAX_ID_CHARACTERS;
    private static final int BLOCK_DEPTH = 3;
    private static final byte[] NO_PIECE = {};

    private final JsonScanner scanner = new JsonScanner(this, MAX_DEPTH);
    private final BoundedBytes word = new BoundedBytes(MAX_WORD_BYTES);
    private final BoundedBytes rawUsage = new BoundedBytes(MAX_USAGE_BYTES);
    private final ReportedUsage usage = new ReportedUsage();
    private final ContentBlocks blocks = new ContentBlocks();
    private final MadeObjects made = new MadeObjects();
    private MessageMember top = MessageMember.NONE;
    private MessageMember inner = MessageMember.NONE;
    private int depth;
    private boolean malformed;
    private boolean ended;
    private boolean unreadable;
    private boolean contentStarted;
    private long outputCharacters;
    private @Nullable String type;
    private @Nullable String messageId;
    private @Nullable String model;
    private @Nullable String stopReason;
    private @Nullable String errorType;
    private byte[] piece = NO_PIECE;
    private long pieceOffset;
    private boolean inUsage;
    private int usageFrom;

    @Override
    public void feed(byte[] bytes, int from, int to) {
        if (malformed) {
            return;
        }
        piece = bytes;
        pieceOffset = scanner.offset() - from;
        usageFrom = from;
        try {
            scanner.feed(bytes, from, to);
            if (inUsage) {
                rawUsage.append(bytes, usageFrom, to);
            }
        } catch (JsonException e) {
            malformed = true;
        }
        piece = NO_PIECE;
    }

    @Override
    public boolean complete() {
        return ended && !malformed && !isError();
    }

    @Override
    public MeteredAnswer result() {
        String error = errorType == null ? SseAnswer.UNKNOWN_ERROR : errorType;
        return new MeteredAnswer(
                model,
                messageId,
                stopReason,
                usage.reported(),
                contentStarted,
                complete() && usage.reported() && !unreadable,
                isError() ? error : null,
                outputCharacters,
                usage.usage());
    }

    @Override
    public List<ObjectId> takeMade() {
        return complete() ? made.take() : List.of();
    }

    @Override
    public boolean thought() {
        return blocks.thought();
    }

    private boolean isError() {
        return "error".equals(type);
    }

    @Override
    public void name(byte[] utf8, int length) {
        if (depth == 1) {
            top = MessageMember.named(utf8, length);
        } else if (depth <= 3) {
            inner = MessageMember.named(utf8, length);
        }
        if (inBlock()) {
            blocks.name(depth - BLOCK_DEPTH, utf8, length);
        }
    }

    private boolean inBlock() {
        return depth >= BLOCK_DEPTH && top == MessageMember.CONTENT;
    }

    @Override
    public void startObject(long offset) {
        if (depth == 1 && top == MessageMember.USAGE) {
            inUsage = true;
            rawUsage.clear();
            usageFrom = (int) (offset - pieceOffset);
        }
        begin(false);
    }

    @Override
    public void endObject(long offset) {
        close();
        ended |= depth == 0;
        if (depth == 1 && inUsage) {
            inUsage = false;
            rawUsage.append(piece, usageFrom, (int) (offset - pieceOffset));
            report();
        }
    }

    private void report() {
        try {
            usage.overwrite(JsonObject.parse(rawUsage.copy()));
        } catch (JsonException e) {
            unreadable = true;
        }
    }

    @Override
    public void startArray(long offset) {
        begin(true);
    }

    @Override
    public void endArray(long offset) {
        close();
    }

    private void begin(boolean list) {
        element();
        depth++;
        inner = MessageMember.NONE;
        if (inBlock()) {
            blocks.begin(depth - BLOCK_DEPTH, list);
        }
    }

    private void close() {
        if (inBlock()) {
            blocks.end(depth - BLOCK_DEPTH);
        }
        depth--;
        if (depth == BLOCK_DEPTH - 1) {
            blocks.blockEnds().forEach(id -> made.add(ObjectKind.FILE, id));
        }
    }

    /** Any value may be an element of the content. */
    private void element() {
        contentStarted |= depth == 2 && top == MessageMember.CONTENT;
    }

    @Override
    public boolean startString(long offset) {
        element();
        word.clear();
        return depth == 1 || isErrorType() || madeHere() != null || inBlock() && blocks.wantsText();
    }

    /** The kind of the object whose id the text is; null where it is none. */
    private @Nullable ObjectKind madeHere() {
        if (depth != 2) {
            return null;
        }
        if (top == MessageMember.CONTAINER && inner == MessageMember.ID) {
            return ObjectKind.CONTAINER;
        }
        boolean credit = top == MessageMember.STOP_DETAILS && inner == MessageMember.FALLBACK_CREDIT_TOKEN;
        return credit ? ObjectKind.FALLBACK_CREDIT : null;
    }

    private boolean isErrorType() {
        return depth == 2 && top == MessageMember.ERROR && inner == MessageMember.TYPE;
    }

    @Override
    public void stringPart(byte[] utf8, int length) {
        word.append(utf8, 0, length);
    }

    @Override
    public void endString(long offset, long characters) {
        if (depth == 1) {
            topWord(characters);
        } else if (isErrorType()) {
            errorType = text(characters, errorType);
        } else if (inBlock() && blocks.wantsText()) {
            blocks.text(word.array(), word.length());
        } else if (depth == 2) {
            idOfMade();
        } else if (depth == 3 && top == MessageMember.CONTENT && isGenerated()) {
            outputCharacters += characters;
        }
    }

    private void idOfMade() {
        ObjectKind kind = madeHere();
        if (kind != null && word.length() > 0) {
            made.add(kind, wordText());
        }
    }

    private boolean isGenerated() {
        return inner == MessageMember.TEXT || inner == MessageMember.THINKING;
    }

    private void topWord(long characters) {
        switch (top) {
            case TYPE -> type = text(characters, type);
            case ID -> {
                messageId = text(characters, messageId);
                made.add(ObjectKind.MESSAGE, messageId);
            }
            case MODEL -> model = text(characters, model);
            case STOP_REASON -> stopReason = text(characters, stopReason);
            default -> {}
        }
    }

    private @Nullable String text(long characters, @Nullable String before) {
        return characters <= ReportedUsage.MAX_WORD_CHARACTERS ? wordText() : before;
    }

    private String wordText() {
        return new String(word.copy(), StandardCharsets.UTF_8);
    }

    @Override
    public void number(byte[] ascii, int length) {
        element();
    }

    @Override
    public void bool(boolean value) {
        element();
    }

    @Override
    public void nullValue() {
        element();
    }
}
