package org.ccrelayer.apikey;

/**
 * What a relay key may use within a window that begins with its first request and has a fixed length. Zero means no limit.
 * Immutable.
 *
 * @param windowMinutes the window's length, 0 to 525,600
 * @param requests requests per window
 * @param tokens tokens of every class per window
 * @param costNanoUsd billionths of a US dollar per window
 */
public record RateLimit(int windowMinutes, long requests, long tokens, long costNanoUsd) {
    /** No limit. */
    public static final RateLimit NONE = new RateLimit(0, 0, 0, 0);

    public RateLimit {
        if (windowMinutes < 0 || requests < 0 || tokens < 0 || costNanoUsd < 0) {
            throw new IllegalArgumentException("limits must not be negative");
        }
    }

    /** Whether anything is limited: there is a window, and something to count in it. */
    public boolean active() {
        return windowMinutes > 0 && (requests > 0 || tokens > 0 || costNanoUsd > 0);
    }
}
