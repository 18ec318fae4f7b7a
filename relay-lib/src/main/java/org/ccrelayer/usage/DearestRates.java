package org.ccrelayer.usage;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;

/**
 * The most that a model's tokens can cost under some terms, and how many of them one answer can take. Rates are exact and
 * each is the dearest of its kind, even where no answer is billed at all of them. Immutable.
 *
 * @param input US dollars per token of the prompt, cached or not; not negative
 * @param output US dollars per token of output; not negative
 * @param webSearch US dollars per search; not negative
 * @param contextWindow the longest prompt, in tokens; at least 1
 * @param maxOutput the longest output, in tokens; at least 1
 */
public record DearestRates(
        BigDecimal input, BigDecimal output, BigDecimal webSearch, long contextWindow, long maxOutput) {
    /** The context window of a model of which it is not known. */
    public static final long DEFAULT_CONTEXT_WINDOW = 1_000_000;

    /** The longest output of a model of which it is not known. */
    public static final long DEFAULT_MAX_OUTPUT = 128_000;

    public DearestRates {
        requireNotNegative(input, "input");
        requireNotNegative(output, "output");
        requireNotNegative(webSearch, "webSearch");
        if (contextWindow < 1 || maxOutput < 1) {
            throw new IllegalArgumentException("contextWindow, maxOutput: must be at least 1");
        }
    }

    /** What is at least as dear and as long as both. */
    public DearestRates max(DearestRates other) {
        return new DearestRates(
                input.max(other.input),
                output.max(other.output),
                webSearch.max(other.webSearch),
                Math.max(contextWindow, other.contextWindow),
                Math.max(maxOutput, other.maxOutput));
    }

    private static void requireNotNegative(BigDecimal rate, String name) {
        if (requireNonNull(rate, name).signum() < 0) {
            throw new IllegalArgumentException(name + ": must not be negative");
        }
    }
}
