package org.ccrelayer.internal.metering;

import static java.util.Objects.requireNonNull;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Finds the events in a stream of bytes that is split anywhere, by the framing rules of the WHATWG HTML standard
 * ("Interpreting an event stream"): lines end with LF, CRLF or CR, a byte order mark may come first, lines that begin
 * with a colon are comments, and a blank line ends an event. It changes nothing and allocates nothing, except for the
 * data of the few events that are kept whole ({@link #MAX_DATA_BYTES} at most). A CR ends its line at once; an LF right
 * behind it is passed over, also in the next piece. Not safe for concurrent use.
 */
public final class SseScanner {
    /** The most data of one event that is kept; longer data is told as lost, and the scan goes on. */
    public static final int MAX_DATA_BYTES = 1 << 20;

    private static final int BYTE_ORDER_MARK = 0;
    private static final int LINE_START = 1;
    private static final int FIELD = 2;
    private static final int VALUE = 3;
    private static final int NAME = 4;
    private static final int DATA = 5;
    private static final int SKIP = 6;

    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final byte[] EVENT_FIELD = Ascii.bytes("event");
    private static final byte[] DATA_FIELD = Ascii.bytes("data");
    private static final byte[] JOINT = {'\n'};
    private static final int MAX_WORD_BYTES = 32;
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long TOP_BITS = ONES << 7;

    private final SseListener listener;
    private final BoundedBytes kept = new BoundedBytes(MAX_DATA_BYTES);
    private final byte[] word = new byte[MAX_WORD_BYTES];
    private int wordLength;
    private int markLength;
    private int state = BYTE_ORDER_MARK;
    private int target;
    private boolean afterCarriageReturn;
    private boolean open;
    private boolean hasData;
    private EventKind kind = EventKind.MESSAGE;
    private EventKind.Use use = EventKind.Use.NONE;
    private long events;
    private @Nullable EventKind first;

    /** A scanner at the beginning of a stream. */
    public SseScanner(SseListener listener) {
        this.listener = requireNonNull(listener, "listener");
    }

    /** Reads on. What the listener throws reaches the caller, and the scanner must not be used any more. */
    public void feed(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            at = switch (state) {
                case LINE_START -> lineStart(bytes[at], at);
                case FIELD -> field(bytes, at, to);
                case VALUE -> value(bytes[at], at);
                case NAME -> name(bytes, at, to);
                case DATA -> data(bytes, at, to);
                case SKIP -> skip(bytes, at, to);
                default -> byteOrderMark(bytes[at], at);
            };
        }
    }

    /**
     * Whether an event that were appended now would stand for itself: no line is half read, and no field was read since
     * the last blank line. Comments belong to no event. True behind a blank line's CR, because nothing appended begins
     * with the LF that may belong to it.
     */
    public boolean atEventBorder() {
        return !open && (state == LINE_START || state == BYTE_ORDER_MARK && markLength == 0);
    }

    /** How many events are complete. */
    public long events() {
        return events;
    }

    /** The first complete event other than {@code ping}; null while there is none. */
    public @Nullable EventKind first() {
        return first;
    }

    private int byteOrderMark(byte b, int at) {
        if (b == MARK[markLength]) {
            if (++markLength == MARK.length) {
                state = LINE_START;
            }
            return at + 1;
        }
        // Part of a mark is part of a field's name, and no known field begins like that.
        open = markLength > 0;
        state = open ? SKIP : LINE_START;
        return at;
    }

    private int lineStart(byte b, int at) {
        boolean lineFeedOfCrLf = afterCarriageReturn && b == '\n';
        afterCarriageReturn = false;
        if (lineFeedOfCrLf) {
            return at + 1;
        }
        if (endsLine(b)) {
            endEvent();
            return endLine(b, at);
        }
        if (b == ':') {
            state = SKIP;
            return at + 1;
        }
        open = true;
        wordLength = 0;
        state = FIELD;
        return at;
    }

    private int field(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != ':' && !endsLine(bytes[at])) {
            at++;
        }
        collect(bytes, from, at);
        return at == to ? to : endFieldName(bytes[at], at);
    }

    private int endFieldName(byte b, int at) {
        target = fieldTarget();
        if (target == DATA) {
            beginDataLine();
        }
        wordLength = 0;
        if (b == ':') {
            state = target == SKIP ? SKIP : VALUE;
            return at + 1;
        }
        // A field without a colon has an empty value; the line's end is read again as the end of that.
        state = target;
        return at;
    }

    private int fieldTarget() {
        if (Ascii.is(DATA_FIELD, word, wordLength)) {
            return DATA;
        }
        return Ascii.is(EVENT_FIELD, word, wordLength) ? NAME : SKIP;
    }

    private int value(byte b, int at) {
        state = target;
        return b == ' ' ? at + 1 : at;
    }

    private int name(byte[] bytes, int from, int to) {
        int end = lineEnd(bytes, from, to);
        collect(bytes, from, end);
        if (end == to) {
            return to;
        }
        kind = EventKind.named(word, wordLength);
        return endLine(bytes[end], end);
    }

    /** Of a word only so much is kept as fits: no word that is known fills all the room. */
    private void collect(byte[] bytes, int from, int to) {
        int count = Math.min(to - from, MAX_WORD_BYTES - wordLength);
        System.arraycopy(bytes, from, word, wordLength, count);
        wordLength += count;
    }

    private int data(byte[] bytes, int from, int to) {
        int end = lineEnd(bytes, from, to);
        if (end > from) {
            handOn(bytes, from, end);
        }
        return end == to ? to : endLine(bytes[end], end);
    }

    private int skip(byte[] bytes, int from, int to) {
        int end = lineEnd(bytes, from, to);
        return end == to ? to : endLine(bytes[end], end);
    }

    private int endLine(byte b, int at) {
        state = LINE_START;
        afterCarriageReturn = b == '\r';
        return at + 1;
    }

    private void beginDataLine() {
        if (hasData) {
            handOn(JOINT, 0, JOINT.length);
            return;
        }
        hasData = true;
        // The name may follow the data; until then the data may turn out to be needed.
        use = kind == EventKind.MESSAGE ? EventKind.Use.KEPT : kind.use();
        kept.clear();
        if (use == EventKind.Use.STREAMED) {
            listener.dataBegins(kind);
        }
    }

    private void handOn(byte[] bytes, int from, int to) {
        switch (use) {
            case STREAMED -> listener.data(bytes, from, to);
            case KEPT -> kept.append(bytes, from, to);
            case NONE -> {}
        }
    }

    private void endEvent() {
        EventKind ended = kind;
        boolean dispatched = hasData;
        open = false;
        hasData = false;
        kind = EventKind.MESSAGE;
        if (dispatched) {
            events++;
            if (first == null && ended != EventKind.PING) {
                first = ended;
            }
            tell(ended);
        }
    }

    private void tell(EventKind ended) {
        boolean wasKept = use == EventKind.Use.KEPT;
        int length = 0;
        if (ended.use() == EventKind.Use.KEPT) {
            length = wasKept ? kept.length() : -1;
        } else if (ended.use() == EventKind.Use.STREAMED && wasKept && kept.length() >= 0) {
            listener.dataBegins(ended);
            listener.data(kept.array(), 0, kept.length());
        }
        listener.event(ended, kept.array(), length);
    }

    private static boolean endsLine(byte b) {
        return b == '\n' || b == '\r';
    }

    /** Where the line ends, or {@code to}; looks at eight bytes at a time, because most bytes are those of data. */
    private static int lineEnd(byte[] bytes, int from, int to) {
        int at = from;
        while (at <= to - Long.BYTES && !hasLineEnd((long) EIGHT_BYTES.get(bytes, at))) {
            at += Long.BYTES;
        }
        while (at < to && !endsLine(bytes[at])) {
            at++;
        }
        return at;
    }

    /** Whether one of eight bytes is CR or LF: a byte that equals becomes zero, and only a zero borrows into its top bit. */
    private static boolean hasLineEnd(long eight) {
        long lf = eight ^ ONES * '\n';
        long cr = eight ^ ONES * '\r';
        return ((lf - ONES & ~lf | cr - ONES & ~cr) & TOP_BITS) != 0;
    }
}
