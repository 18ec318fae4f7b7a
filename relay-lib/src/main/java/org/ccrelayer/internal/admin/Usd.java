package org.ccrelayer.internal.admin;

import java.math.BigDecimal;
import java.util.Optional;
import org.ccrelayer.usage.Cost;

/** Amounts of US dollars as people give and read them, and the billionths that are kept of them. Stateless. */
final class Usd {
    /** What is said of an amount that is none. */
    static final String PROBLEM = "must be an amount of US dollars from 0 to 1000000000 with at most 9 decimals";

    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000);

    private Usd() {}

    /** The exact amount. */
    static BigDecimal of(long nano) {
        return Cost.usd(nano);
    }

    /** The billionths of an amount; empty where it is out of bounds or finer than that. */
    static Optional<Long> nano(BigDecimal amount) {
        // The bounds come first: bringing 1e999999999 to a scale would take all memory.
        boolean within = amount.signum() >= 0 && amount.compareTo(MOST) <= 0;
        return within && amount.stripTrailingZeros().scale() <= Cost.NANO_DIGITS
                ? Optional.of(amount.movePointRight(Cost.NANO_DIGITS).longValueExact())
                : Optional.empty();
    }

    /** What is wrong with that many billionths, if anything is. */
    static Optional<String> problem(long nano) {
        return nano(of(nano)).isPresent() ? Optional.empty() : Optional.of(PROBLEM);
    }
}
