package org.ccrelayer.internal.store.redis;

import java.util.List;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageTotals;

/**
 * What is summed up of ledger rows, by the names under which it stands in a sum. What limits count stands there as what it is beyond
 * the cost, so that the sum of what counts at its price has nothing of it. Stateless.
 */
final class Figures {
    static final List<String> NAMES =
            List.of("attempts", "input", "output", "write5m", "write1h", "read", "cost", "beyond");

    private Figures() {}

    /** A sum of those figures, in the order of the names. */
    static UsageTotals totals(List<String> figures) {
        long[] numbers = figures.stream().mapToLong(Long::parseLong).toArray();
        Tokens tokens = new Tokens(numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
        return new UsageTotals(numbers[0], tokens, numbers[6], numbers[6] + numbers[7]);
    }

    /** The figures of a row, in the order of the names. */
    static List<String> of(UsageRecord row) {
        Tokens tokens = row.tokens();
        return List.of(
                "1",
                Long.toString(tokens.input()),
                Long.toString(tokens.output()),
                Long.toString(tokens.cacheWrite5m()),
                Long.toString(tokens.cacheWrite1h()),
                Long.toString(tokens.cacheRead()),
                Long.toString(row.costNanoUsd()),
                Long.toString(row.countedNanoUsd() - row.costNanoUsd()));
    }
}
