package org.ccrelayer.internal.store.embedded;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.internal.json.JsonObject;

/** The limits of relay keys as members of their JSON; amounts are billionths of a dollar. Stateless. */
final class KeyLimitsFormat {
    private KeyLimitsFormat() {}

    static JsonObject write(JsonObject json, KeyLimits limits) {
        RateLimit rate = limits.rate();
        Budgets budgets = limits.budgets();
        Budgets.Weekly weekly = budgets.weekly();
        return json.with("modelsAllowed", new TreeSet<>(limits.modelsAllowed()))
                .with("modelsDenied", new TreeSet<>(limits.modelsDenied()))
                .with("concurrencyLimit", limits.concurrency())
                .with("rateLimitWindow", rate.windowMinutes())
                .with("rateLimitRequests", rate.requests())
                .with("rateLimitTokens", rate.tokens())
                .with("rateLimitCostNanoUsd", rate.costNanoUsd())
                .with("budgetMode", budgets.mode().name().toLowerCase(Locale.ROOT))
                .with("dailyCostNanoUsd", budgets.dailyNanoUsd())
                .with("totalCostNanoUsd", budgets.totalNanoUsd())
                .with("weeklyCostNanoUsd", weekly.nanoUsd())
                .with("weeklyCostScope", weekly.scope())
                .with("weeklyResetDay", weekly.resetDay())
                .with("weeklyResetHour", weekly.resetHour())
                .with("timezoneOffset", budgets.timezoneOffsetHours());
    }

    static KeyLimits read(JsonObject json) {
        RateLimit rate = new RateLimit(
                (int) number(json, "rateLimitWindow", 0),
                number(json, "rateLimitRequests", 0),
                number(json, "rateLimitTokens", 0),
                number(json, "rateLimitCostNanoUsd", 0));
        return new KeyLimits(
                (int) number(json, "concurrencyLimit", 0),
                rate,
                budgets(json),
                strings(json, "modelsAllowed"),
                strings(json, "modelsDenied"));
    }

    private static Budgets budgets(JsonObject json) {
        Budgets.Weekly weekly = new Budgets.Weekly(
                number(json, "weeklyCostNanoUsd", 0),
                json.string("weeklyCostScope").orElse(Budgets.Weekly.ALL),
                (int) number(json, "weeklyResetDay", 1),
                (int) number(json, "weeklyResetHour", 0));
        BudgetMode mode = json.string("budgetMode")
                .map(name -> BudgetMode.valueOf(name.toUpperCase(Locale.ROOT)))
                .orElse(BudgetMode.STANDARD);
        return new Budgets(
                mode,
                number(json, "dailyCostNanoUsd", 0),
                number(json, "totalCostNanoUsd", 0),
                weekly,
                json.integer("timezoneOffset").map(Long::intValue).orElse(null));
    }

    private static long number(JsonObject json, String name, long otherwise) {
        return json.integer(name).orElse(otherwise);
    }

    private static Set<String> strings(JsonObject json, String name) {
        return Set.copyOf(json.strings(name).orElse(List.of()));
    }
}
