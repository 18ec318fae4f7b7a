package org.ccrelayer.internal.json;

import org.jspecify.annotations.Nullable;

/** The grammar of a JSON number (RFC 8259 section 6), one byte at a time. */
final class NumberGrammar {
    private enum State {
        START,
        MINUS,
        ZERO,
        INTEGER,
        POINT,
        FRACTION,
        EXPONENT,
        EXPONENT_SIGN,
        EXPONENT_DIGITS
    }

    private State state = State.START;

    void begin() {
        state = State.START;
    }

    /** Takes a byte that continues the number; false, and nothing changed, if none like it can follow. */
    boolean accept(byte b) {
        State next = next(b);
        if (next == null) {
            return false;
        }
        state = next;
        return true;
    }

    /** Whether the number may end here. */
    boolean complete() {
        return state == State.ZERO
                || state == State.INTEGER
                || state == State.FRACTION
                || state == State.EXPONENT_DIGITS;
    }

    private @Nullable State next(byte b) {
        boolean digit = b >= '0' && b <= '9';
        return switch (state) {
            case START -> b == '-' ? State.MINUS : firstDigit(b, digit);
            case MINUS -> firstDigit(b, digit);
            case ZERO -> afterInteger(b);
            case INTEGER -> digit ? State.INTEGER : afterInteger(b);
            case POINT, FRACTION -> digit ? State.FRACTION : state == State.FRACTION ? exponent(b) : null;
            case EXPONENT -> b == '+' || b == '-' ? State.EXPONENT_SIGN : digit ? State.EXPONENT_DIGITS : null;
            case EXPONENT_SIGN, EXPONENT_DIGITS -> digit ? State.EXPONENT_DIGITS : null;
        };
    }

    private static @Nullable State firstDigit(byte b, boolean digit) {
        return !digit ? null : b == '0' ? State.ZERO : State.INTEGER;
    }

    private static @Nullable State afterInteger(byte b) {
        return b == '.' ? State.POINT : exponent(b);
    }

    private static @Nullable State exponent(byte b) {
        return b == 'e' || b == 'E' ? State.EXPONENT : null;
    }
}
