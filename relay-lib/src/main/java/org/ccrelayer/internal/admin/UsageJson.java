package org.ccrelayer.internal.admin;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.ccrelayer.admin.KeyUsage;
import org.ccrelayer.admin.UsageReport;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.limit.LimitUse;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageSubject;
import org.ccrelayer.usage.UsageTotals;

/** Usage as JSON; amounts are exact US dollars. Stateless. */
final class UsageJson {
    private UsageJson() {}

    static JsonObject of(UsageReport report) {
        JsonObject.Builder json = JsonObject.build().with("subject", subject(report.subject()));
        add(json, report.totals());
        json.with("hours", list("hour", report.hours()))
                .with("days", list("day", report.days()))
                .with("months", list("month", report.months()));
        if (report.subject().kind() == UsageSubject.Kind.KEY) {
            json.with("models", list("model", report.models()))
                    .with("limits", report.limits().map(UsageJson::limits).orElse(null));
        }
        return json.end();
    }

    private static JsonObject subject(UsageSubject subject) {
        JsonObject kind = JsonObject.empty().with("kind", subject.kind().name().toLowerCase(Locale.ROOT));
        return subject.equals(UsageSubject.EVERYTHING) ? kind : kind.with("id", subject.id());
    }

    private static void add(JsonObject.Builder json, UsageTotals totals) {
        Tokens tokens = totals.tokens();
        json.with("requests", totals.attempts())
                .with("inputTokens", tokens.input())
                .with("outputTokens", tokens.output())
                .with("cacheWrite5mTokens", tokens.cacheWrite5m())
                .with("cacheWrite1hTokens", tokens.cacheWrite1h())
                .with("cacheReadTokens", tokens.cacheRead())
                .with("costUsd", Usd.of(totals.costNanoUsd()))
                .with("countedUsd", Usd.of(totals.countedNanoUsd()));
    }

    private static List<JsonObject> list(String name, Map<String, UsageTotals> sums) {
        return sums.entrySet().stream().map(sum -> element(name, sum)).toList();
    }

    private static JsonObject element(String name, Map.Entry<String, UsageTotals> sum) {
        JsonObject.Builder json = JsonObject.build().with(name, sum.getKey());
        add(json, sum.getValue());
        return json.end();
    }

    private static JsonObject limits(KeyUsage usage) {
        Budgets budgets = usage.limits().budgets();
        LimitUse use = usage.use();
        return JsonObject.build()
                .with("concurrency", limited(usage.limits().concurrency(), use.leases()))
                .with("window", window(usage.limits().rate(), use))
                .with("daily", budget(budgets.dailyNanoUsd(), use.dailyNanoUsd()))
                .with(
                        "weekly",
                        budget(budgets.weekly().nanoUsd(), use.weeklyNanoUsd())
                                .with("scope", budgets.weekly().scope()))
                .with("total", budget(budgets.totalNanoUsd(), use.totalNanoUsd()))
                .with("reservedUsd", Usd.of(use.reservedNanoUsd()))
                .with("shadowRefused", use.shadowed())
                .with("budgetMode", LimitFields.name(budgets.mode()))
                .end();
    }

    private static JsonObject window(RateLimit rate, LimitUse use) {
        return JsonObject.empty()
                .with("minutes", rate.windowMinutes())
                .with("requests", limited(rate.requests(), use.windowRequests()))
                .with("tokens", limited(rate.tokens(), use.windowTokens()))
                .with("costUsd", limited(Usd.of(rate.costNanoUsd()), Usd.of(use.windowCostNanoUsd())));
    }

    private static JsonObject limited(long limit, long current) {
        return limited(BigDecimal.valueOf(limit), BigDecimal.valueOf(current));
    }

    private static JsonObject limited(BigDecimal limit, BigDecimal current) {
        return JsonObject.empty().with("limit", limit).with("current", current);
    }

    private static JsonObject budget(long limitNanoUsd, long spentNanoUsd) {
        return JsonObject.empty().with("limitUsd", Usd.of(limitNanoUsd)).with("spentUsd", Usd.of(spentNanoUsd));
    }
}
