package org.ccrelayer.internal.store.embedded;

import static org.ccrelayer.internal.store.embedded.RecordFormat.VERSION;
import static org.ccrelayer.internal.store.embedded.RecordFormat.number;
import static org.ccrelayer.internal.store.embedded.RecordFormat.text;
import static org.ccrelayer.internal.store.embedded.RecordFormat.truth;

import java.time.Instant;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageTotals;

/** Ledger rows and their sums as JSON. Stateless. */
final class UsageFormat {
    private UsageFormat() {}

    static String row(UsageRecord row) {
        return tokens(JsonObject.build().with("v", VERSION), row.tokens())
                .with("id", row.id())
                .with("exchangeId", row.exchangeId())
                .with("keyId", row.keyId())
                .with("accountId", row.accountId())
                .with("model", row.model())
                .with("state", row.state().name())
                .with("webSearchRequests", row.webSearchRequests())
                .with("costNanoUsd", row.costNanoUsd())
                .with("unknownModel", row.unknownModel())
                .with("startedAt", row.startedAt().toString())
                .with("endedAt", row.endedAt().toString())
                .end()
                .toString();
    }

    static UsageRecord row(String text) {
        JsonObject json = RecordFormat.readable(JsonObject.parse(text));
        return new UsageRecord(
                text(json, "id"),
                text(json, "exchangeId"),
                text(json, "keyId"),
                text(json, "accountId"),
                text(json, "model"),
                UsageRecord.State.valueOf(text(json, "state")),
                tokens(json),
                number(json, "webSearchRequests"),
                number(json, "costNanoUsd"),
                truth(json, "unknownModel"),
                Instant.parse(text(json, "startedAt")),
                Instant.parse(text(json, "endedAt")));
    }

    static String totals(UsageTotals totals) {
        return tokens(JsonObject.build().with("v", VERSION), totals.tokens())
                .with("attempts", totals.attempts())
                .with("costNanoUsd", totals.costNanoUsd())
                .end()
                .toString();
    }

    static UsageTotals totals(String text) {
        JsonObject json = RecordFormat.readable(JsonObject.parse(text));
        return new UsageTotals(number(json, "attempts"), tokens(json), number(json, "costNanoUsd"));
    }

    private static JsonObject.Builder tokens(JsonObject.Builder json, Tokens tokens) {
        return json.with("input", tokens.input())
                .with("output", tokens.output())
                .with("cacheWrite5m", tokens.cacheWrite5m())
                .with("cacheWrite1h", tokens.cacheWrite1h())
                .with("cacheRead", tokens.cacheRead());
    }

    private static Tokens tokens(JsonObject json) {
        return new Tokens(
                number(json, "input"),
                number(json, "output"),
                number(json, "cacheWrite5m"),
                number(json, "cacheWrite1h"),
                number(json, "cacheRead"));
    }
}
