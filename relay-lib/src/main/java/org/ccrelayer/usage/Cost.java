package org.ccrelayer.usage;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An exact amount of US dollars by what it was spent on. Immutable.
 *
 * @param input for uncached input
 * @param output for output
 * @param cacheWrite5m for five-minute cache writes
 * @param cacheWrite1h for one-hour cache writes
 * @param cacheRead for cache reads
 * @param webSearch for server-side searches
 * @param unknownModel whether a model without a price was taken at the fallback rate
 */
public record Cost(
        BigDecimal input,
        BigDecimal output,
        BigDecimal cacheWrite5m,
        BigDecimal cacheWrite1h,
        BigDecimal cacheRead,
        BigDecimal webSearch,
        boolean unknownModel) {
    /** Nothing. */
    public static final Cost ZERO = new Cost(
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            false);

    /** Decimals of a US dollar that are booked. */
    public static final int NANO_DIGITS = 9;

    public Cost {
        requireNonNull(input, "input");
        requireNonNull(output, "output");
        requireNonNull(cacheWrite5m, "cacheWrite5m");
        requireNonNull(cacheWrite1h, "cacheWrite1h");
        requireNonNull(cacheRead, "cacheRead");
        requireNonNull(webSearch, "webSearch");
    }

    /** The exact US dollars of billionths, without zeroes at the end. */
    public static BigDecimal usd(long nanoUsd) {
        return BigDecimal.valueOf(nanoUsd, NANO_DIGITS).stripTrailingZeros();
    }

    /** The exact sum. */
    public BigDecimal total() {
        return input.add(output)
                .add(cacheWrite5m)
                .add(cacheWrite1h)
                .add(cacheRead)
                .add(webSearch);
    }

    /**
     * The sum in billionths of a dollar, rounded up once: what is booked.
     *
     * @throws ArithmeticException above about nine billion dollars
     */
    public long nanoUsd() {
        return total().movePointRight(NANO_DIGITS)
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }

    /** The sum of both; unknown if either is. */
    public Cost plus(Cost other) {
        return new Cost(
                input.add(other.input),
                output.add(other.output),
                cacheWrite5m.add(other.cacheWrite5m),
                cacheWrite1h.add(other.cacheWrite1h),
                cacheRead.add(other.cacheRead),
                webSearch.add(other.webSearch),
                unknownModel || other.unknownModel);
    }
}
