package org.ccrelayer.internal.pricing;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import org.ccrelayer.usage.Cost;
import org.ccrelayer.usage.RequestTerms;
import org.ccrelayer.usage.Tokens;

/**
 * The rates of the five token classes, each in US dollars per million tokens and not negative. No rate is derived from
 * another: cache reads cost anything from 0.025 to 0.1 times the input. Immutable.
 */
record TokenRates(
        BigDecimal input, BigDecimal output, BigDecimal cacheWrite5m, BigDecimal cacheWrite1h, BigDecimal cacheRead) {
    /** Nothing costs anything: a stand-in while a file is checked, never a price. */
    static final TokenRates ZERO =
            new TokenRates(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    /** Rates are told per million tokens, a number with so many zeros. */
    static final int MILLION_DIGITS = 6;

    TokenRates {
        requireNotNegative(input, "input");
        requireNotNegative(output, "output");
        requireNotNegative(cacheWrite5m, "cacheWrite5m");
        requireNotNegative(cacheWrite1h, "cacheWrite1h");
        requireNotNegative(cacheRead, "cacheRead");
    }

    private static void requireNotNegative(BigDecimal rate, String name) {
        if (requireNonNull(rate, name).signum() < 0) {
            throw new IllegalArgumentException(name + ": must not be negative");
        }
    }

    /** Every rate times the same factor. */
    TokenRates times(BigDecimal factor) {
        return new TokenRates(
                input.multiply(factor),
                output.multiply(factor),
                cacheWrite5m.multiply(factor),
                cacheWrite1h.multiply(factor),
                cacheRead.multiply(factor));
    }

    /** The dearest rate at which a request can be billed for its prompt. */
    BigDecimal dearestInput(RequestTerms terms) {
        BigDecimal dearest = input;
        if (terms.cached()) {
            dearest = dearest.max(cacheWrite5m).max(cacheRead);
        }
        return terms.oneHour() ? dearest.max(cacheWrite1h) : dearest;
    }

    /** The exact price of some tokens, times a factor. */
    Cost price(Tokens tokens, BigDecimal factor, boolean unknownModel) {
        return new Cost(
                amount(tokens.input(), input, factor),
                amount(tokens.output(), output, factor),
                amount(tokens.cacheWrite5m(), cacheWrite5m, factor),
                amount(tokens.cacheWrite1h(), cacheWrite1h, factor),
                amount(tokens.cacheRead(), cacheRead, factor),
                BigDecimal.ZERO,
                unknownModel);
    }

    private static BigDecimal amount(long tokens, BigDecimal perMillion, BigDecimal factor) {
        if (tokens == 0) {
            return BigDecimal.ZERO;
        }
        return BigDecimal.valueOf(tokens).multiply(perMillion).multiply(factor).movePointLeft(MILLION_DIGITS);
    }
}
