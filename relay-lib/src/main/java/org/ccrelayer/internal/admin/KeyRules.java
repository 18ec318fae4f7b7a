package org.ccrelayer.internal.admin;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;

/** What the limits of relay keys must be like, each for itself and together. Safe for concurrent use. */
public final class KeyRules {
    private final Supplier<Set<String>> families;

    /**
     * Rules for a table of prices.
     *
     * @param families the families of models there are now; does not block
     */
    public KeyRules(Supplier<Set<String>> families) {
        this.families = requireNonNull(families, "families");
    }

    /** What is wrong with the scope of a weekly budget, if anything is. */
    Optional<String> scope(String scope) {
        Set<String> known = families.get();
        return scope.equals(Budgets.Weekly.ALL) || known.contains(scope)
                ? Optional.empty()
                : Optional.of("must be " + Budgets.Weekly.ALL + " or a family of the price file in lower case: "
                        + String.join(", ", new TreeSet<>(known)));
    }

    /**
     * Notes everything that is wrong with a key's limits, by the fields' names in the administration API.
     *
     * @param before what they were; a scope that stays may be of a family that the price file has lost
     */
    void check(KeyLimits limits, KeyLimits before, Problems problems) {
        problems.add(WholeNumber.CONCURRENCY, limits.concurrency());
        checkRate(limits.rate(), problems);
        checkBudgets(limits.budgets(), problems);
        String scope = limits.budgets().weekly().scope();
        if (!scope.equals(before.budgets().weekly().scope())) {
            problems.add("weeklyCostScope", scope(scope));
        }
        problems.add("modelsAllowed", FieldRules.models(limits.modelsAllowed()));
        problems.add("modelsDenied", FieldRules.models(limits.modelsDenied()));
    }

    private static void checkRate(RateLimit rate, Problems problems) {
        problems.add(WholeNumber.WINDOW, rate.windowMinutes());
        problems.add(WholeNumber.WINDOW_REQUESTS, rate.requests());
        problems.add(WholeNumber.WINDOW_TOKENS, rate.tokens());
        problems.add("rateLimitCost", Usd.problem(rate.costNanoUsd()));
        List<String> counted = counted(rate);
        if (rate.windowMinutes() == 0 && !counted.isEmpty()) {
            problems.add(
                    WholeNumber.WINDOW.field(),
                    "must be 1 minute or more where " + String.join(", ", counted) + " is limited");
        }
    }

    private static List<String> counted(RateLimit rate) {
        List<String> counted = new ArrayList<>();
        if (rate.requests() > 0) {
            counted.add(WholeNumber.WINDOW_REQUESTS.field());
        }
        if (rate.tokens() > 0) {
            counted.add(WholeNumber.WINDOW_TOKENS.field());
        }
        if (rate.costNanoUsd() > 0) {
            counted.add("rateLimitCost");
        }
        return counted;
    }

    private static void checkBudgets(Budgets budgets, Problems problems) {
        problems.add("dailyCostLimit", Usd.problem(budgets.dailyNanoUsd()));
        problems.add("totalCostLimit", Usd.problem(budgets.totalNanoUsd()));
        problems.add("weeklyCostLimit", Usd.problem(budgets.weekly().nanoUsd()));
        if (budgets.mode() == BudgetMode.STRICT && !budgets.active()) {
            problems.add(
                    "budgetMode",
                    "strict needs a budget: dailyCostLimit, weeklyCostLimit or totalCostLimit must be above 0");
        }
    }
}
