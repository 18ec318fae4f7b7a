package org.ccrelayer.internal.envelope;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads along with a scan what the request can cost. It refuses nothing: what has no bound is noted, for whoever needs
 * one. Memory does not grow with the body. Not safe for concurrent use.
 */
final class CostScan {
    /** The longest text that is looked at; a longer one is an unknown one. */
    static final int MAX_TEXT_BYTES = 64;

    private static final int QUOTES = 2;
    private static final byte[] FIVE_MINUTES = CacheBreakpoint.FIVE_MINUTES.getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COMPACT = "compact".getBytes(StandardCharsets.US_ASCII);

    private final CostPlace[] places = new CostPlace[EnvelopeScanner.MAX_DEPTH + 1];
    private final CostTally tally = new CostTally();
    private final BlockCost blocks = new BlockCost(tally);
    private final ToolCost tool = new ToolCost();
    private CostPlace place = CostPlace.OUTSIDE;
    private int depth;
    private @Nullable CostName expected;
    private @Nullable CostName topLevel;
    private @Nullable CostName textOf;
    private long textStart;

    CostScan() {
        Arrays.fill(places, CostPlace.OUTSIDE);
    }

    /** What was found in a body that is complete and has that many bytes. */
    CostFacts facts(long bodyBytes) {
        return tally.facts(bodyBytes);
    }

    void name(byte[] utf8, int length) {
        if (place == CostPlace.BODY) {
            expected = CostName.topLevel(utf8, length);
            topLevel = expected;
            return;
        }
        CostName name = CostName.nested(utf8, length);
        expected = name;
        if (name != null && (place.isBlock() || place.isSource())) {
            blocks.name(depth, place, name);
        } else if (place == CostPlace.ENDLESS) {
            endless();
        }
    }

    /** An object or a list begins at that byte. */
    void open(long offset, boolean list) {
        CostName name = value();
        CostPlace inner = place.child(name, list);
        if (name != null) {
            present(name);
        }
        depth++;
        places[depth] = inner;
        place = inner;
        blocks.begin(depth);
        if (inner == CostPlace.TOOL) {
            tool.begin(offset);
        }
    }

    /** The innermost object or list ended before that byte. */
    void close(long offset) {
        if (place.isBlock()) {
            blocks.endBlock(depth, place);
        } else if (place.isSource()) {
            blocks.endSource(depth);
        } else if (place == CostPlace.TOOL) {
            tool.end(offset, tally);
        }
        depth--;
        place = places[depth];
    }

    /** A text begins at that byte; whether the text itself is wanted. */
    boolean startText(long offset) {
        CostName name = value();
        if (name == null) {
            return false;
        }
        textOf = name;
        textStart = offset;
        return name == CostName.TYPE && place.isTyped() || name == CostName.TTL && place == CostPlace.CACHE_CONTROL;
    }

    /** The text ended before that byte; {@code text} holds it only where it was wanted. */
    void endText(long offset, long characters, ValueText text) {
        CostName name = textOf;
        if (name == null) {
            return;
        }
        textOf = null;
        switch (name) {
            case TYPE -> type(text);
            case TTL -> {
                if (place == CostPlace.CACHE_CONTROL && !text.is(FIVE_MINUTES)) {
                    tally.oneHour();
                }
            }
            case DATA -> blocks.data(place, offset - textStart - QUOTES);
            default -> {
                if (characters > 0 || !name.isEndless()) {
                    scalar(name);
                }
            }
        }
    }

    void number(byte[] ascii, int length) {
        CostName name = value();
        if (name == CostName.MAX_USES && place == CostPlace.TOOL) {
            tool.maxUses(ascii, length);
        } else if (name != null) {
            scalar(name);
        }
    }

    void bool(boolean value) {
        CostName name = value();
        if (name != null && (value || name != CostName.ENABLED)) {
            scalar(name);
        }
    }

    void nullValue() {
        if (value() == CostName.MAX_USES && place == CostPlace.TOOL) {
            tool.notUnderstood(CostName.MAX_USES);
        }
    }

    /** A value begins; what it is the value of, where that means something. */
    private @Nullable CostName value() {
        if (place == CostPlace.TOOLS) {
            tool.element();
        } else if (place == CostPlace.ENDLESS) {
            endless();
        }
        CostName name = expected;
        expected = null;
        return name;
    }

    private void scalar(CostName name) {
        if (name.isEndless()) {
            endless();
        }
        present(name);
    }

    private void endless() {
        if (topLevel != null) {
            tally.unbounded(topLevel.label());
        }
    }

    /** A member is there, is not null and, where it should be a text or a number, is something else. */
    private void present(CostName name) {
        switch (name) {
            case CACHE_CONTROL -> tally.cached();
            case THREAD, CONTAINER -> tally.unboundedInput();
            case OUTPUT_FORMAT -> tally.outputFormat();
            case FORMAT -> {
                if (place == CostPlace.OUTPUT_CONFIG) {
                    tally.outputFormat();
                }
            }
            case TTL -> {
                if (place == CostPlace.CACHE_CONTROL) {
                    tally.oneHour();
                }
            }
            case ENABLED -> {
                // Citations number the sentences of a document, which can take more tokens than these have bytes.
                if (place == CostPlace.CITATIONS) {
                    tally.unboundedInput();
                }
            }
            case TYPE, MAX_USES -> {
                if (place == CostPlace.TOOL) {
                    tool.notUnderstood(name);
                }
            }
            default -> {}
        }
    }

    private void type(ValueText text) {
        if (place.isBlock()) {
            blocks.blockType(depth, text);
        } else if (place.isSource()) {
            blocks.sourceType(depth, text);
        } else if (place == CostPlace.TOOL) {
            tool.type(text);
        } else if (place == CostPlace.CONTEXT && (text.tooLong() || text.startsWith(COMPACT))) {
            tally.unbounded(CostName.CONTEXT_MANAGEMENT.label());
        }
    }
}
