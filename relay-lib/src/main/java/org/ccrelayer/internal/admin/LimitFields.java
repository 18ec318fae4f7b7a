package org.ccrelayer.internal.admin;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;

/**
 * The limits in a request body, laid over those that a relay key has: what the body does not name stays. A bad value is a
 * problem of the body and counts as not named. Immutable.
 */
final class LimitFields {
    /** Every member that is read here. */
    static final List<String> NAMES = List.of(
            "concurrencyLimit",
            "rateLimitWindow",
            "rateLimitRequests",
            "rateLimitTokens",
            "rateLimitCost",
            "dailyCostLimit",
            "totalCostLimit",
            "weeklyCostLimit",
            "weeklyCostScope",
            "weeklyOpusCostLimit",
            "weeklyResetDay",
            "weeklyResetHour",
            "timezoneOffset",
            "budgetMode",
            "modelsAllowed",
            "modelsDenied");

    private static final String OPUS = "opus";

    private final Optional<Long> concurrency;
    private final Optional<Long> windowMinutes;
    private final Optional<Long> windowRequests;
    private final Optional<Long> windowTokens;
    private final Optional<Long> windowCost;
    private final Optional<Long> daily;
    private final Optional<Long> total;
    private final Optional<Long> weekly;
    private final Optional<String> scope;
    private final Optional<Long> weeklyOpus;
    private final Optional<Long> resetDay;
    private final Optional<Long> resetHour;
    private final Optional<Long> timezone;
    private final boolean relaysTimezone;
    private final Optional<BudgetMode> mode;
    private final Optional<Set<String>> allowed;
    private final Optional<Set<String>> denied;

    LimitFields(BodyFields fields, KeyRules rules) {
        concurrency = fields.number(WholeNumber.CONCURRENCY);
        windowMinutes = fields.number(WholeNumber.WINDOW);
        windowRequests = fields.number(WholeNumber.WINDOW_REQUESTS);
        windowTokens = fields.number(WholeNumber.WINDOW_TOKENS);
        windowCost = fields.usd("rateLimitCost");
        daily = fields.usd("dailyCostLimit");
        total = fields.usd("totalCostLimit");
        weekly = fields.usd("weeklyCostLimit");
        scope = fields.checked("weeklyCostScope", fields.string("weeklyCostScope"), rules::scope);
        weeklyOpus = opus(fields);
        resetDay = fields.number(WholeNumber.RESET_DAY);
        resetHour = fields.number(WholeNumber.RESET_HOUR);
        timezone = fields.number(WholeNumber.TIMEZONE);
        relaysTimezone = fields.isNull(WholeNumber.TIMEZONE.field());
        mode = mode(fields);
        allowed = fields.checked("modelsAllowed", fields.strings("modelsAllowed"), FieldRules::models);
        denied = fields.checked("modelsDenied", fields.strings("modelsDenied"), FieldRules::models);
    }

    private static Optional<Long> opus(BodyFields fields) {
        Optional<Long> given = fields.usd("weeklyOpusCostLimit");
        if (given.isPresent() && (fields.has("weeklyCostLimit") || fields.has("weeklyCostScope"))) {
            fields.problem(
                    "weeklyOpusCostLimit",
                    "means weeklyCostLimit with weeklyCostScope opus; give either this one or weeklyCostLimit and"
                            + " weeklyCostScope");
        }
        return given;
    }

    private static Optional<BudgetMode> mode(BodyFields fields) {
        Optional<String> given = fields.string("budgetMode");
        Optional<BudgetMode> mode = given.flatMap(name -> Arrays.stream(BudgetMode.values())
                .filter(known -> name(known).equals(name))
                .findFirst());
        if (given.isPresent() && mode.isEmpty()) {
            fields.problem("budgetMode", "must be standard, strict or shadow");
        }
        return mode;
    }

    /** How a mode is called in the administration API. */
    static String name(BudgetMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }

    /** The limits after the change. */
    KeyLimits over(KeyLimits old) {
        return new KeyLimits(
                whole(concurrency, old.concurrency()),
                over(old.rate()),
                over(old.budgets()),
                allowed.orElse(old.modelsAllowed()),
                denied.orElse(old.modelsDenied()));
    }

    private RateLimit over(RateLimit old) {
        return new RateLimit(
                whole(windowMinutes, old.windowMinutes()),
                windowRequests.orElse(old.requests()),
                windowTokens.orElse(old.tokens()),
                windowCost.orElse(old.costNanoUsd()));
    }

    private Budgets over(Budgets old) {
        return new Budgets(
                mode.orElse(old.mode()),
                daily.orElse(old.dailyNanoUsd()),
                total.orElse(old.totalNanoUsd()),
                over(old.weekly()),
                relaysTimezone ? null : timezone.map(Long::intValue).orElse(old.timezoneOffsetHours()));
    }

    private Budgets.Weekly over(Budgets.Weekly old) {
        // A zero takes away the budget of that scope; it must not take one of another scope with it.
        Optional<Long> opus =
                weeklyOpus.filter(amount -> amount > 0 || old.scope().equals(OPUS));
        return new Budgets.Weekly(
                opus.or(() -> weekly).orElse(old.nanoUsd()),
                opus.map(amount -> OPUS).or(() -> scope).orElse(old.scope()),
                whole(resetDay, old.resetDay()),
                whole(resetHour, old.resetHour()));
    }

    private static int whole(Optional<Long> given, int otherwise) {
        return given.map(Math::toIntExact).orElse(otherwise);
    }
}
