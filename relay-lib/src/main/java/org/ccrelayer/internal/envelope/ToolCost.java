package org.ccrelayer.internal.envelope;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** One of a request's tools while it is read: who runs it, and how often. Not safe for concurrent use. */
final class ToolCost {
    /** The most uses that count as bounded. */
    static final long MAX_USES = 1_000_000;

    private static final int MAX_DIGITS = 7;
    private static final byte[] CUSTOM = ascii("custom");
    private static final byte[] ADVISOR = ascii("advisor_");
    private static final byte[][] RUN_BY_CLIENT = Stream.of(
                    "bash_", "text_editor_", "str_replace_", "computer_", "memory_")
            .map(ToolCost::ascii)
            .toArray(byte[][]::new);

    private int index = -1;
    private long start;
    private boolean client;
    private boolean server;
    private boolean advisor;
    private boolean usesKnown;
    private boolean usesUnknown;
    private long uses;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The next element of {@code tools} begins, whatever it is. */
    void element() {
        index++;
    }

    /** That element is an object, which begins at that byte. */
    void begin(long offset) {
        start = offset;
        client = false;
        server = false;
        advisor = false;
        usesKnown = false;
        usesUnknown = false;
        uses = 0;
    }

    void type(ValueText type) {
        if (type.is(CUSTOM)) {
            return;
        }
        for (byte[] prefix : RUN_BY_CLIENT) {
            if (type.startsWith(prefix)) {
                client = true;
                return;
            }
        }
        server = true;
        advisor |= type.startsWith(ADVISOR);
    }

    /** {@code max_uses} as it is spelled; a length of -1 is that of a spelling too long to be known. */
    void maxUses(byte[] ascii, int length) {
        long value = length < 1 || length > MAX_DIGITS ? -1 : 0;
        for (int i = 0; i < length && value >= 0; i++) {
            int digit = ascii[i] - '0';
            value = digit < 0 || digit > 9 ? -1 : 10 * value + digit;
        }
        if (value < 0 || value > MAX_USES) {
            usesUnknown = true;
        } else {
            usesKnown = true;
            uses = Math.max(uses, value);
        }
    }

    /** Its type is not a text, or {@code max_uses} not a number. */
    void notUnderstood(CostName name) {
        server |= name == CostName.TYPE;
        usesUnknown |= name == CostName.MAX_USES;
    }

    /** The object ended before that byte. */
    void end(long offset, CostTally tally) {
        tally.tool(offset - start);
        if (client) {
            tally.typedClientTool();
        }
        if (server) {
            tally.serverTool(uses);
            requireBound(tally);
        }
    }

    private void requireBound(CostTally tally) {
        boolean bounded = !advisor && usesKnown && !usesUnknown;
        if (!bounded && tally.isBounded()) {
            // An advisor is another model, whose tokens have another price.
            tally.unbounded("tools[" + index + (advisor ? "].type" : "].max_uses"));
        }
    }
}
