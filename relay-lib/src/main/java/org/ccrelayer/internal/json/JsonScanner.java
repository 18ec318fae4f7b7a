package org.ccrelayer.internal.json;

import static java.util.Objects.requireNonNull;

/**
 * Reads one JSON document (RFC 8259) from pieces of bytes split anywhere, without keeping it. It checks the whole
 * grammar and that texts are UTF-8, and allocates nothing while it runs. Not safe for concurrent use; reusable after
 * {@link #reset}.
 */
public final class JsonScanner {
    /** The longest member name that is told. */
    public static final int MAX_NAME_BYTES = 256;

    /** The longest number that is told. */
    public static final int MAX_NUMBER_BYTES = 64;

    private static final int VALUE = 0;
    private static final int FIRST_ELEMENT = 1;
    private static final int FIRST_NAME = 2;
    private static final int NAME = 3;
    private static final int COLON = 4;
    private static final int AFTER_VALUE = 5;
    private static final int STRING = 6;
    private static final int ESCAPE = 7;
    private static final int UNICODE = 8;
    private static final int NUMBER = 9;
    private static final int LITERAL = 10;
    private static final int DONE = 11;

    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final int PART_BYTES = 1024;

    private final JsonVisitor visitor;
    private final boolean[] objects;
    private final Utf8Check utf8 = new Utf8Check();
    private final NumberGrammar number = new NumberGrammar();
    private final byte[] text = new byte[PART_BYTES + 4];
    private int textLength;
    private int depth;
    private int state;
    private long base;
    private long origin;
    private boolean inName;
    private boolean wanted;
    private boolean overflow;
    private long characters;
    private int unicodeDigits;
    private int unicode;
    private int highSurrogate;
    private byte[] literal = NULL;
    private int literalAt;

    /**
     * A scanner for documents that nest at most {@code maxDepth} deep.
     *
     * @param maxDepth at least 1
     */
    public JsonScanner(JsonVisitor visitor, int maxDepth) {
        this.visitor = requireNonNull(visitor, "visitor");
        this.objects = new boolean[maxDepth];
        reset();
    }

    /** Forgets everything and expects a new document. */
    public void reset() {
        state = VALUE;
        depth = 0;
        base = 0;
        textLength = 0;
        highSurrogate = 0;
        utf8.reset();
    }

    /** How many bytes were read. */
    public long offset() {
        return base;
    }

    /**
     * Reads on.
     *
     * @throws JsonException where the document is malformed, naming the byte
     */
    public void feed(byte[] bytes, int from, int to) {
        origin = base - from;
        int at = from;
        while (at < to) {
            at = switch (state) {
                case STRING -> string(bytes, at, to);
                case ESCAPE -> escape(bytes[at], at);
                case UNICODE -> unicode(bytes[at], at);
                case NUMBER -> number(bytes, at, to);
                case LITERAL -> literal(bytes[at], at);
                default -> structure(bytes[at], at);
            };
        }
        base = origin + to;
    }

    /**
     * Says that the document is over.
     *
     * @throws JsonException if it is not
     */
    public void end() {
        if (state == NUMBER && depth == 0) {
            endNumber(base);
        }
        if (state != DONE) {
            throw new JsonException("not valid JSON: it ends too early, at byte " + base);
        }
    }

    private int structure(byte b, int at) {
        if (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
            return at + 1;
        }
        switch (state) {
            case VALUE -> value(b, at);
            case FIRST_ELEMENT -> {
                if (b == ']') {
                    close(at, false);
                } else {
                    value(b, at);
                }
            }
            case FIRST_NAME -> {
                if (b == '}') {
                    close(at, true);
                } else {
                    beginName(b, at);
                }
            }
            case NAME -> beginName(b, at);
            case COLON -> {
                require(b == ':', at);
                state = VALUE;
            }
            case AFTER_VALUE -> afterValue(b, at);
            default -> throw malformed(at);
        }
        // A number's first byte belongs to its grammar, so it is read again there.
        return state == NUMBER ? at : at + 1;
    }

    private void value(byte b, int at) {
        switch (b) {
            case '{' -> open(at, true);
            case '[' -> open(at, false);
            case '"' -> {
                wanted = visitor.startString(origin + at);
                inName = false;
                beginText();
            }
            case 't' -> beginLiteral(TRUE);
            case 'f' -> beginLiteral(FALSE);
            case 'n' -> beginLiteral(NULL);
            default -> {
                require(b == '-' || b >= '0' && b <= '9', at);
                textLength = 0;
                overflow = false;
                number.begin();
                state = NUMBER;
            }
        }
    }

    private void open(int at, boolean object) {
        if (depth == objects.length) {
            throw new JsonException("nested deeper than " + objects.length + " levels at byte " + (origin + at));
        }
        objects[depth++] = object;
        state = object ? FIRST_NAME : FIRST_ELEMENT;
        if (object) {
            visitor.startObject(origin + at);
        } else {
            visitor.startArray(origin + at);
        }
    }

    private void close(int at, boolean object) {
        require(depth > 0 && objects[depth - 1] == object, at);
        depth--;
        if (object) {
            visitor.endObject(origin + at + 1);
        } else {
            visitor.endArray(origin + at + 1);
        }
        valueEnded();
    }

    private void afterValue(byte b, int at) {
        if (b == ',') {
            state = objects[depth - 1] ? NAME : VALUE;
        } else if (b == '}') {
            close(at, true);
        } else {
            require(b == ']', at);
            close(at, false);
        }
    }

    private void valueEnded() {
        state = depth == 0 ? DONE : AFTER_VALUE;
    }

    private void beginName(byte b, int at) {
        require(b == '"', at);
        inName = true;
        wanted = true;
        beginText();
    }

    private void beginText() {
        textLength = 0;
        overflow = false;
        characters = 0;
        state = STRING;
    }

    private int string(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int plain = plainRun(bytes, at, to);
            if (plain > at) {
                endSurrogate();
                characters += plain - at;
                if (wanted) {
                    keep(bytes, at, plain);
                }
                at = plain;
            } else if (bytes[at] < 0 || utf8.pending()) {
                nonAscii(bytes[at], at);
                at++;
            } else if (bytes[at] == '"') {
                endText(at);
                return at + 1;
            } else {
                require(bytes[at] == '\\', at);
                state = ESCAPE;
                return at + 1;
            }
        }
        return to;
    }

    /** Where the run of ordinary ASCII characters ends that begins at {@code from}. */
    private int plainRun(byte[] bytes, int from, int to) {
        if (utf8.pending()) {
            return from;
        }
        int at = from;
        while (at < to) {
            byte b = bytes[at];
            if (b < ' ' || b == '"' || b == '\\') {
                break;
            }
            at++;
        }
        return at;
    }

    private void nonAscii(byte b, int at) {
        endSurrogate();
        if (!utf8.accept(b)) {
            throw new JsonException("not valid UTF-8 at byte " + (origin + at));
        }
        if (wanted) {
            append(b);
        }
        if (!utf8.pending()) {
            characters++;
            flushIfFull();
        }
    }

    private int escape(byte b, int at) {
        if (b == 'u') {
            unicodeDigits = 0;
            unicode = 0;
            state = UNICODE;
            return at + 1;
        }
        int character =
                switch (b) {
                    case '"', '\\', '/' -> b;
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    default -> throw malformed(at);
                };
        endSurrogate();
        appendCharacter(character);
        state = STRING;
        return at + 1;
    }

    private int unicode(byte b, int at) {
        int digit = Character.digit(b, 16);
        require(digit >= 0, at);
        unicode = unicode << 4 | digit;
        if (++unicodeDigits == 4) {
            endUnicode((char) unicode);
            state = STRING;
        }
        return at + 1;
    }

    private void endUnicode(char unit) {
        if (Character.isLowSurrogate(unit) && highSurrogate != 0) {
            int pair = Character.toCodePoint((char) highSurrogate, unit);
            highSurrogate = 0;
            appendCharacter(pair);
            return;
        }
        endSurrogate();
        if (Character.isHighSurrogate(unit)) {
            highSurrogate = unit;
        } else {
            appendCharacter(Character.isLowSurrogate(unit) ? 0xFFFD : unit);
        }
    }

    /** A high surrogate that no low one follows stands for nothing; it reads as the replacement character. */
    private void endSurrogate() {
        if (highSurrogate != 0) {
            highSurrogate = 0;
            appendCharacter(0xFFFD);
        }
    }

    private void appendCharacter(int codePoint) {
        characters++;
        if (!wanted) {
            return;
        }
        if (codePoint < 0x80) {
            append((byte) codePoint);
        } else if (codePoint < 0x800) {
            append((byte) (0xC0 | codePoint >> 6));
            append((byte) (0x80 | codePoint & 0x3F));
        } else if (codePoint < 0x10000) {
            append((byte) (0xE0 | codePoint >> 12));
            append((byte) (0x80 | codePoint >> 6 & 0x3F));
            append((byte) (0x80 | codePoint & 0x3F));
        } else {
            append((byte) (0xF0 | codePoint >> 18));
            append((byte) (0x80 | codePoint >> 12 & 0x3F));
            append((byte) (0x80 | codePoint >> 6 & 0x3F));
            append((byte) (0x80 | codePoint & 0x3F));
        }
        flushIfFull();
    }

    private void keep(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && !overflow) {
            int count = Math.min(to - at, PART_BYTES - textLength);
            System.arraycopy(bytes, at, text, textLength, count);
            textLength += count;
            at += count;
            flushIfFull();
        }
    }

    private void append(byte b) {
        if (!overflow) {
            text[textLength++] = b;
        }
    }

    /** The buffer has room for one whole character beyond its size, so that none is torn apart. */
    private void flushIfFull() {
        if (inName) {
            overflow |= textLength > MAX_NAME_BYTES;
            if (overflow) {
                textLength = 0;
            }
        } else if (textLength >= PART_BYTES) {
            visitor.stringPart(text, textLength);
            textLength = 0;
        }
    }

    private void endText(int at) {
        endSurrogate();
        if (inName) {
            visitor.name(text, overflow ? -1 : textLength);
            state = COLON;
            return;
        }
        if (wanted && textLength > 0) {
            visitor.stringPart(text, textLength);
        }
        visitor.endString(origin + at + 1, characters);
        valueEnded();
    }

    private int number(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && number.accept(bytes[at])) {
            if (textLength < MAX_NUMBER_BYTES) {
                text[textLength++] = bytes[at];
            } else {
                overflow = true;
            }
            at++;
        }
        if (at < to) {
            endNumber(origin + at);
        }
        return at;
    }

    private void endNumber(long offset) {
        if (!number.complete()) {
            throw new JsonException("not valid JSON at byte " + offset);
        }
        visitor.number(text, overflow ? -1 : textLength);
        valueEnded();
    }

    private void beginLiteral(byte[] expected) {
        literal = expected;
        literalAt = 1;
        state = LITERAL;
    }

    private int literal(byte b, int at) {
        require(b == literal[literalAt], at);
        if (++literalAt == literal.length) {
            if (literal == NULL) {
                visitor.nullValue();
            } else {
                visitor.bool(literal == TRUE);
            }
            valueEnded();
        }
        return at + 1;
    }

    private void require(boolean expected, int at) {
        if (!expected) {
            throw malformed(at);
        }
    }

    private JsonException malformed(int at) {
        return new JsonException("not valid JSON at byte " + (origin + at));
    }
}
