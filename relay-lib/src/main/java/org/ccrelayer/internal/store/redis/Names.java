package org.ccrelayer.internal.store.redis;

/** What ids and names may look like. Stateless. */
final class Names {
    private Names() {}

    /** The text, where it has 1 to {@code maxLength} characters and none that controls anything. */
    static String required(String what, String text, int maxLength) {
        boolean fits = !text.isEmpty() && text.length() <= maxLength;
        if (!fits || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    what + ": must be 1 to " + maxLength + " characters without control characters");
        }
        return text;
    }
}
