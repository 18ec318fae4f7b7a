package org.ccrelayer.internal.metering;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the content blocks of an answer tell beside their texts: whether the model thought, and which files code execution made.
 * Only the {@code file_id}s of {@code content.content[]} of a code execution's result count: what stands anywhere else, as in
 * a tool's input, is what the model wrote. Is told of what a scan comes across, with depths counted from that of a block's own
 * members, which is 0. Bounded. Not safe for concurrent use.
 */
final class ContentBlocks {
    private static final byte[] TYPE = Ascii.bytes("type");
    private static final byte[] CONTENT = Ascii.bytes("content");
    private static final byte[] FILE_ID = Ascii.bytes("file_id");
    private static final byte[] THINKING = Ascii.bytes("thinking");
    private static final byte[] REDACTED_THINKING = Ascii.bytes("redacted_thinking");
    private static final byte[] CODE_EXECUTION_RESULT = Ascii.bytes("code_execution_tool_result");

    private static final int BLOCK = 0;
    private static final int RESULT = 1;
    private static final int OUTPUTS = 2;
    private static final int OUTPUT = 3;

    /** How deep the innermost open value stands on the way to an output. */
    private int onTheWay = -1;

    private boolean wayNext;
    private boolean typeNext;
    private boolean fileNext;
    private boolean codeExecution;
    private boolean thought;
    private final List<String> filesOfBlock = new ArrayList<>(0);

    /** An object or a list begins, whose members or elements are at that depth. */
    void begin(int depth, boolean list) {
        boolean asExpected = list == (depth == OUTPUTS) && depth <= OUTPUT;
        boolean inOutputs = depth == OUTPUT && onTheWay == OUTPUTS;
        if (depth == BLOCK && !list || asExpected && onTheWay == depth - 1 && (wayNext || inOutputs)) {
            onTheWay = depth;
        }
        forgetName();
    }

    /** The object or list ends whose members or elements are at that depth. */
    void end(int depth) {
        onTheWay = Math.min(onTheWay, depth - 1);
        forgetName();
    }

    private void forgetName() {
        wayNext = false;
        typeNext = false;
        fileNext = false;
    }

    /** A member's name. */
    void name(int depth, byte[] utf8, int length) {
        boolean here = depth == onTheWay;
        typeNext = here && depth == BLOCK && Ascii.is(TYPE, utf8, length);
        wayNext = here && (depth == BLOCK || depth == RESULT) && Ascii.is(CONTENT, utf8, length);
        fileNext = here && depth == OUTPUT && Ascii.is(FILE_ID, utf8, length);
    }

    /** A text begins; whether it is wanted. */
    boolean wantsText() {
        return typeNext || fileNext;
    }

    /** The wanted text, in bytes of UTF-8. */
    void text(byte[] utf8, int length) {
        if (typeNext) {
            thought |= Ascii.is(THINKING, utf8, length) || Ascii.is(REDACTED_THINKING, utf8, length);
            codeExecution = endsWith(CODE_EXECUTION_RESULT, utf8, length);
        } else if (fileNext && length > 0 && filesOfBlock.size() < MadeObjects.MOST) {
            filesOfBlock.add(new String(utf8, 0, length, StandardCharsets.UTF_8));
        }
        forgetName();
    }

    private static boolean endsWith(byte[] end, byte[] bytes, int length) {
        int from = length - end.length;
        return from >= 0 && Arrays.equals(bytes, from, length, end, 0, end.length);
    }

    /** A block is over: the files that it told of. */
    List<String> blockEnds() {
        List<String> files = codeExecution ? List.copyOf(filesOfBlock) : List.of();
        filesOfBlock.clear();
        codeExecution = false;
        onTheWay = -1;
        forgetName();
        return files;
    }

    /** Whether any block was one of thinking. */
    boolean thought() {
        return thought;
    }
}
