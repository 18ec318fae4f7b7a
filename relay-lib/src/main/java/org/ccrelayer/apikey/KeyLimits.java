package org.ccrelayer.apikey;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * What a relay key may do. Immutable.
 *
 * @param concurrency how many requests may run at the same time; 0 means any number
 * @param rate what it may use within a window
 * @param budgets what it may spend
 * @param modelsAllowed the models it may ask for; empty means all
 * @param modelsDenied the models it may not ask for, also where they are allowed
 */
public record KeyLimits(
        int concurrency, RateLimit rate, Budgets budgets, Set<String> modelsAllowed, Set<String> modelsDenied) {
    /** No limit at all. */
    public static final KeyLimits NONE = new KeyLimits(0, RateLimit.NONE, Budgets.NONE, Set.of(), Set.of());

    public KeyLimits {
        if (concurrency < 0) {
            throw new IllegalArgumentException("concurrency must not be negative");
        }
        requireNonNull(rate, "rate");
        requireNonNull(budgets, "budgets");
        modelsAllowed = Set.copyOf(modelsAllowed);
        modelsDenied = Set.copyOf(modelsDenied);
    }

    /** No limit but on the models. */
    public static KeyLimits ofModels(Set<String> allowed) {
        return NONE.withModels(allowed, Set.of());
    }

    /** Whether it may ask for {@code model}. */
    public boolean allows(String model) {
        return (modelsAllowed.isEmpty() || modelsAllowed.contains(model)) && !modelsDenied.contains(model);
    }

    /** Whether the worst case of a request is reserved before it is sent. */
    public boolean strict() {
        return budgets.mode() == BudgetMode.STRICT && budgets.active();
    }

    /** The same with another concurrency. */
    public KeyLimits withConcurrency(int requests) {
        return new KeyLimits(requests, rate, budgets, modelsAllowed, modelsDenied);
    }

    /** The same with another rate limit. */
    public KeyLimits withRate(RateLimit limit) {
        return new KeyLimits(concurrency, limit, budgets, modelsAllowed, modelsDenied);
    }

    /** The same with other budgets. */
    public KeyLimits withBudgets(Budgets limits) {
        return new KeyLimits(concurrency, rate, limits, modelsAllowed, modelsDenied);
    }

    /** The same with other models. */
    public KeyLimits withModels(Set<String> allowed, Set<String> denied) {
        return new KeyLimits(concurrency, rate, budgets, allowed, denied);
    }
}
