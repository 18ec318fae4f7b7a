package org.ccrelayer.internal.store.redis;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.jspecify.annotations.Nullable;

/** The limits of relay keys as the predecessor keeps them, and what it cannot say of them. Stateless. */
final class PredecessorLimits {
    private static final int LONGEST_WINDOW = 525_600;
    private static final int MOST_REQUESTS = 1_000_000;

    private PredecessorLimits() {}

    static KeyLimits read(HashFields fields, HashFields own) {
        boolean restricted = fields.isTrue("enableModelRestriction");
        return new KeyLimits(
                fields.count("concurrencyLimit", MOST_REQUESTS),
                rate(fields, own),
                budgets(fields, own),
                new HashSet<>(own.texts("modelsAllowed")),
                restricted ? new HashSet<>(fields.texts("restrictedModels")) : Set.of());
    }

    /** The predecessor does not look at a window's cost where its tokens are limited. */
    private static RateLimit rate(HashFields fields, HashFields own) {
        long tokens = Math.max(0, fields.whole("tokenLimit", 0));
        boolean costCounts = tokens == 0 || own.isTrue("windowCost");
        return new RateLimit(
                fields.count("rateLimitWindow", LONGEST_WINDOW),
                Math.max(0, fields.whole("rateLimitRequests", 0)),
                tokens,
                costCounts ? fields.nanoUsd("rateLimitCost") : 0);
    }

    private static Budgets budgets(HashFields fields, HashFields own) {
        Budgets.Weekly weekly = new Budgets.Weekly(
                fields.nanoUsd("weeklyOpusCostLimit"),
                own.given("weeklyScope").orElse(Budgets.Weekly.ALL),
                within(fields.whole("weeklyResetDay", 1), 1, 7, 1),
                within(fields.whole("weeklyResetHour", 0), 0, 23, 0));
        return new Budgets(
                own.given("budgetMode")
                        .map(name -> BudgetMode.valueOf(name.toUpperCase(Locale.ROOT)))
                        .orElse(BudgetMode.STANDARD),
                fields.nanoUsd("dailyCostLimit"),
                fields.nanoUsd("totalCostLimit"),
                weekly,
                zone(own));
    }

    private static @Nullable Integer zone(HashFields own) {
        return own.given("timezoneOffset").map(Integer::valueOf).orElse(null);
    }

    private static int within(long number, int least, int most, int otherwise) {
        return number < least || number > most ? otherwise : (int) number;
    }

    static void write(KeyLimits limits, Map<String, String> fields) {
        RateLimit rate = limits.rate();
        Budgets budgets = limits.budgets();
        Budgets.Weekly weekly = budgets.weekly();
        fields.put("concurrencyLimit", Integer.toString(limits.concurrency()));
        fields.put("rateLimitWindow", Integer.toString(rate.windowMinutes()));
        fields.put("rateLimitRequests", Long.toString(rate.requests()));
        fields.put("tokenLimit", Long.toString(rate.tokens()));
        fields.put("rateLimitCost", HashFields.usd(rate.costNanoUsd()));
        fields.put("dailyCostLimit", HashFields.usd(budgets.dailyNanoUsd()));
        fields.put("totalCostLimit", HashFields.usd(budgets.totalNanoUsd()));
        fields.put("weeklyOpusCostLimit", HashFields.usd(weekly.nanoUsd()));
        fields.put("weeklyResetDay", Integer.toString(weekly.resetDay()));
        fields.put("weeklyResetHour", Integer.toString(weekly.resetHour()));
        fields.put(
                "enableModelRestriction",
                Boolean.toString(!limits.modelsDenied().isEmpty()));
        if (!limits.modelsDenied().isEmpty()) {
            fields.put("restrictedModels", HashFields.json(new TreeSet<>(limits.modelsDenied())));
        }
    }

    static void writeOwn(KeyLimits limits, Map<String, String> own) {
        Budgets budgets = limits.budgets();
        Integer zone = budgets.timezoneOffsetHours();
        if (limits.rate().tokens() > 0 && limits.rate().costNanoUsd() > 0) {
            own.put("windowCost", "true");
        }
        if (budgets.mode() != BudgetMode.STANDARD) {
            own.put("budgetMode", budgets.mode().name().toLowerCase(Locale.ROOT));
        }
        if (!budgets.weekly().scope().equals(Budgets.Weekly.ALL)) {
            own.put("weeklyScope", budgets.weekly().scope());
        }
        if (zone != null) {
            own.put("timezoneOffset", zone.toString());
        }
        if (!limits.modelsAllowed().isEmpty()) {
            own.put("modelsAllowed", HashFields.json(new TreeSet<>(limits.modelsAllowed())));
        }
    }
}
