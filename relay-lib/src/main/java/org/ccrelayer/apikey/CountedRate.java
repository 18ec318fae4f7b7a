package org.ccrelayer.apikey;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * What limits and budgets count of a price, as a multiple of it. Amounts are billionths of a dollar. Immutable.
 *
 * @param factor 0 or more
 */
public record CountedRate(BigDecimal factor) {
    /** The price itself. */
    public static final CountedRate PRICE = new CountedRate(BigDecimal.ONE);

    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    public CountedRate {
        if (factor.signum() < 0) {
            throw new IllegalArgumentException("a rate must not be negative");
        }
    }

    /** What counts of a price: exact, rounded up; {@link Long#MAX_VALUE} where it is larger than that. */
    public long of(long nanoUsd) {
        return whole(factor.multiply(BigDecimal.valueOf(nanoUsd)).setScale(0, RoundingMode.CEILING));
    }

    /** The highest price of which no more than {@code countedNanoUsd} counts; {@link Long#MAX_VALUE} where nothing does. */
    public long highest(long countedNanoUsd) {
        return factor.signum() == 0
                ? Long.MAX_VALUE
                : whole(BigDecimal.valueOf(countedNanoUsd).divide(factor, 0, RoundingMode.FLOOR));
    }

    private static long whole(BigDecimal amount) {
        return amount.min(MOST).longValueExact();
    }
}
