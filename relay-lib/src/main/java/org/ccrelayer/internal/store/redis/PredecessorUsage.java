package org.ccrelayer.internal.store.redis;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;

/** What the predecessor is told of a ledger row, in the forms that it uses. Stateless. */
final class PredecessorUsage {
    private static final int NANO_DIGITS = 9;
    private static final Pattern REGION = Pattern.compile("^[a-z0-9-]+\\.");
    private static final Pattern VERSION = Pattern.compile("-v\\d+:\\d+$");
    private static final Pattern VERSION_OR_LATEST = Pattern.compile("-v\\d+:\\d+$|:latest$");

    private PredecessorUsage() {}

    /** What {@code settle.lua} takes for the predecessor: its zone, what counts, account, model, and the record but for its end. */
    static List<String> arguments(UsageRecord row, ZoneOffset zone) {
        String record = record(row).toString();
        return List.of(
                Long.toString(RedisTime.micros(zone)),
                Long.toString(row.countedNanoUsd()),
                row.accountId(),
                model(row.model()),
                record.substring(0, record.length() - 1));
    }

    /** A model's name in keys: without region, maker and version of a cloud that resells it. */
    static String model(String name) {
        if (name.isEmpty()) {
            return "unknown";
        }
        if (name.contains(".anthropic.") || name.contains(".claude")) {
            String rest = REGION.matcher(name).replaceFirst("").replaceFirst("anthropic\\.", "");
            return VERSION.matcher(rest).replaceFirst("");
        }
        return VERSION_OR_LATEST.matcher(name).replaceFirst("");
    }

    private static JsonObject record(UsageRecord row) {
        JsonObject.Builder json = JsonObject.build()
                .with("timestamp", HashFields.text(row.endedAt()))
                .with("model", row.model())
                .with("accountId", row.accountId())
                .with("requestId", row.id())
                .with("endpoint", "/v1/messages")
                .with("method", "POST")
                .with(
                        "durationMs",
                        Math.max(
                                0,
                                Duration.between(row.startedAt(), row.endedAt()).toMillis()));
        if (row.state() != State.UNKNOWN) {
            json.with("statusCode", 200);
        }
        tokens(row.tokens(), json);
        BigDecimal real = usd(row.costNanoUsd());
        JsonObject breakdown = JsonObject.empty().with("total", real);
        return json.with("cost", usd(row.countedNanoUsd()))
                .with("realCost", real)
                .with("costBreakdown", breakdown)
                .with("realCostBreakdown", breakdown)
                .with("usedFallbackPricing", row.unknownModel())
                .with("isLongContext", false)
                .end();
    }

    private static void tokens(Tokens tokens, JsonObject.Builder json) {
        json.with("inputTokens", tokens.input())
                .with("outputTokens", tokens.output())
                .with("cacheCreateTokens", tokens.cacheWrite5m() + tokens.cacheWrite1h())
                .with("cacheReadTokens", tokens.cacheRead())
                .with("ephemeral5mTokens", tokens.cacheWrite5m())
                .with("ephemeral1hTokens", tokens.cacheWrite1h())
                .with("totalTokens", tokens.prompt() + tokens.output());
    }

    private static BigDecimal usd(long nanoUsd) {
        BigDecimal exact = BigDecimal.valueOf(nanoUsd, NANO_DIGITS).stripTrailingZeros();
        return exact.scale() < 0 ? exact.setScale(0) : exact;
    }
}
