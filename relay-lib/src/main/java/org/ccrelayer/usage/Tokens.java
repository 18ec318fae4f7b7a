package org.ccrelayer.usage;

/**
 * Tokens in the five disjoint classes that are priced: no token is in two of them. Counts are not negative. Immutable.
 *
 * @param input uncached input
 * @param output output, thinking included
 * @param cacheWrite5m written to the five-minute cache
 * @param cacheWrite1h written to the one-hour cache
 * @param cacheRead read from a cache
 */
public record Tokens(long input, long output, long cacheWrite5m, long cacheWrite1h, long cacheRead) {
    /** No tokens. */
    public static final Tokens NONE = new Tokens(0, 0, 0, 0, 0);

    public Tokens {
        if (input < 0 || output < 0 || cacheWrite5m < 0 || cacheWrite1h < 0 || cacheRead < 0) {
            throw new IllegalArgumentException("token counts must not be negative");
        }
    }

    /** The whole prompt: uncached input, cache writes and cache reads. */
    public long prompt() {
        return input + cacheWrite5m + cacheWrite1h + cacheRead;
    }

    /** The same with another output count. */
    public Tokens withOutput(long tokens) {
        return new Tokens(input, tokens, cacheWrite5m, cacheWrite1h, cacheRead);
    }

    /** The sum of both. */
    public Tokens plus(Tokens other) {
        return new Tokens(
                input + other.input,
                output + other.output,
                cacheWrite5m + other.cacheWrite5m,
                cacheWrite1h + other.cacheWrite1h,
                cacheRead + other.cacheRead);
    }
}
