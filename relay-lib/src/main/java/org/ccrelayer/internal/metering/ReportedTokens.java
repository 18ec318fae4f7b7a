package org.ccrelayer.internal.metering;

import java.math.BigDecimal;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.usage.Tokens;
import org.jspecify.annotations.Nullable;

/**
 * The token counts of a usage object or of one of its iterations, as far as they were reported. A later report replaces
 * every count that it has and is never added: the API's counts are cumulative. Not safe for concurrent use.
 */
final class ReportedTokens {
    /** Counts above this are not believed: beyond it not every whole number has a JSON number of its own. */
    private static final BigDecimal MAX_COUNT = BigDecimal.valueOf(10_000_000_000L);

    private @Nullable Long input;
    private @Nullable Long output;
    private @Nullable Long cacheRead;
    private @Nullable Long cacheWrites;
    private @Nullable Long split5m;
    private @Nullable Long split1h;

    /** Takes over what the report says. */
    void overwrite(JsonObject report) {
        input = count(report, "input_tokens", input);
        output = count(report, "output_tokens", output);
        cacheRead = count(report, "cache_read_input_tokens", cacheRead);
        cacheWrites = count(report, "cache_creation_input_tokens", cacheWrites);
        if (report.get("cache_creation") instanceof JsonObject split) {
            split5m = count(split, "ephemeral_5m_input_tokens", split5m);
            split1h = count(split, "ephemeral_1h_input_tokens", split1h);
        }
    }

    /**
     * The counts in classes that are priced. Cache writes beyond the split that the answer began with are five-minute
     * writes, as are all where there is no split (API reference, "Streaming messages" and "Prompt caching"). Where the
     * split says more than the total, the split is taken.
     */
    Tokens tokens() {
        long writes1h = orZero(split1h);
        long writes5m = Math.max(orZero(split5m), orZero(cacheWrites) - writes1h);
        return new Tokens(orZero(input), orZero(output), writes5m, writes1h, orZero(cacheRead));
    }

    /** A member that is a whole number from 0 to ten billion, more than any context holds; anything else there counts as not reported. */
    static @Nullable Long count(JsonObject report, String name, @Nullable Long before) {
        if (!(report.get(name) instanceof BigDecimal number)
                || number.signum() < 0
                || number.compareTo(MAX_COUNT) > 0) {
            return before;
        }
        try {
            return number.longValueExact();
        } catch (ArithmeticException e) {
            return before;
        }
    }

    static long orZero(@Nullable Long count) {
        return count == null ? 0 : count;
    }
}
