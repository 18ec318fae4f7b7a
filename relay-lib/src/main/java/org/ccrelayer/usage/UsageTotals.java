package org.ccrelayer.usage;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;

/**
 * The sum of a set of ledger rows. Immutable.
 *
 * @param attempts rows that were not void
 * @param tokens what they used
 * @param costNanoUsd what they cost, in billionths of a dollar
 * @param countedNanoUsd what limits and budgets count of that
 */
public record UsageTotals(long attempts, Tokens tokens, long costNanoUsd, long countedNanoUsd) {
    /** The sum of no rows. */
    public static final UsageTotals NONE = new UsageTotals(0, Tokens.NONE, 0);

    public UsageTotals {
        requireNonNull(tokens, "tokens");
    }

    /** A sum that limits count at its price. */
    public UsageTotals(long attempts, Tokens tokens, long costNanoUsd) {
        this(attempts, tokens, costNanoUsd, costNanoUsd);
    }

    /** What they cost, in exact US dollars. */
    public BigDecimal costUsd() {
        return Cost.usd(costNanoUsd);
    }

    /** What limits and budgets count of that, in exact US dollars. */
    public BigDecimal countedUsd() {
        return Cost.usd(countedNanoUsd);
    }

    /** The sum with one more row; a void row adds nothing. */
    public UsageTotals plus(UsageRecord row) {
        if (row.state() == UsageRecord.State.VOID) {
            return this;
        }
        return new UsageTotals(
                attempts + 1,
                tokens.plus(row.tokens()),
                costNanoUsd + row.costNanoUsd(),
                countedNanoUsd + row.countedNanoUsd());
    }

    /** The sum of both. */
    public UsageTotals plus(UsageTotals other) {
        return new UsageTotals(
                attempts + other.attempts,
                tokens.plus(other.tokens),
                costNanoUsd + other.costNanoUsd,
                countedNanoUsd + other.countedNanoUsd);
    }
}
