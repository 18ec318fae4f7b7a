package org.ccrelayer.internal.store.embedded;

/** Names of records that consist of several texts, joined so that no two look alike. Stateless. */
final class StoreNames {
    private static final char BETWEEN = '\u0000';

    private StoreNames() {}

    /** The name of those texts; none of them has control characters. */
    static String joined(String... texts) {
        return String.join(String.valueOf(BETWEEN), texts);
    }

    /** With what every name begins that has this text first. */
    static String beginning(String first) {
        return first + BETWEEN;
    }

    /** The text, where it is one that a name may consist of. */
    static String required(String what, String text, int maxLength) {
        boolean fits = !text.isEmpty() && text.length() <= maxLength;
        if (!fits || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    what + ": must be 1 to " + maxLength + " characters without control characters");
        }
        return text;
    }
}
