package org.ccrelayer.internal.json;

/** Checks bytes outside ASCII against the table of well-formed UTF-8 (Unicode Standard, table 3-7; RFC 3629). */
final class Utf8Check {
    private int remaining;
    private int low;
    private int high;

    void reset() {
        remaining = 0;
    }

    /** Whether a character has begun and not ended. */
    boolean pending() {
        return remaining > 0;
    }

    /** Takes the next byte of a character; false if no well-formed character has it there. */
    boolean accept(byte b) {
        int unit = b & 0xFF;
        if (remaining == 0) {
            return lead(unit);
        }
        if (unit < low || unit > high) {
            return false;
        }
        remaining--;
        low = 0x80;
        high = 0xBF;
        return true;
    }

    private boolean lead(int unit) {
        low = 0x80;
        high = 0xBF;
        if (unit >= 0xC2 && unit <= 0xDF) {
            remaining = 1;
        } else if (unit >= 0xE0 && unit <= 0xEF) {
            remaining = 2;
            low = unit == 0xE0 ? 0xA0 : 0x80;
            high = unit == 0xED ? 0x9F : 0xBF;
        } else if (unit >= 0xF0 && unit <= 0xF4) {
            remaining = 3;
            low = unit == 0xF0 ? 0x90 : 0x80;
            high = unit == 0xF4 ? 0x8F : 0xBF;
        } else {
            return false;
        }
        return true;
    }
}
