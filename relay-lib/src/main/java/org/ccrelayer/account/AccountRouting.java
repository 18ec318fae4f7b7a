package org.ccrelayer.account;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which requests an account takes beside what its priority and models say. Immutable.
 *
 * @param modelsDenied models it does not serve, also where they are allowed
 * @param modelMap the name that the upstream knows a model by, for models that it knows by another one
 * @param concurrency how many requests may run on it at the same time; 0 means any number
 * @param weight how many requests it takes in turn where others of its priority take one, 1 to 100
 * @param groups the groups it belongs to
 * @param dedicated whether it serves only keys that are bound to it or to one of its groups
 * @param workspace accounts of the same workspace share caches, files and the like; null means that it is alone
 * @param autoStopOnWarning whether it rests from the upstream's warning until the window ends
 */
public record AccountRouting(
        Set<String> modelsDenied,
        Map<String, String> modelMap,
        int concurrency,
        int weight,
        Set<String> groups,
        boolean dedicated,
        @Nullable String workspace,
        boolean autoStopOnWarning) {
    /** An account for everybody, without any rule. */
    public static final AccountRouting DEFAULT =
            new AccountRouting(Set.of(), Map.of(), 0, 1, Set.of(), false, null, false);

    public AccountRouting {
        modelsDenied = Set.copyOf(modelsDenied);
        modelMap = Map.copyOf(modelMap);
        groups = Set.copyOf(groups);
        if (concurrency < 0) {
            throw new IllegalArgumentException("concurrencyLimit: must not be negative");
        }
        if (weight < 1 || weight > 100) {
            throw new IllegalArgumentException("weight: must be 1 to 100");
        }
    }

    /** The name that the upstream knows a model by. */
    public String upstreamName(String model) {
        return modelMap.getOrDefault(model, model);
    }

    /** The same with other models denied and mapped. */
    public AccountRouting withModels(Set<String> denied, Map<String, String> map) {
        return new AccountRouting(denied, map, concurrency, weight, groups, dedicated, workspace, autoStopOnWarning);
    }

    /** The same with another concurrency. */
    public AccountRouting withConcurrency(int requests) {
        return new AccountRouting(
                modelsDenied, modelMap, requests, weight, groups, dedicated, workspace, autoStopOnWarning);
    }

    /** The same with another weight. */
    public AccountRouting withWeight(int requests) {
        return new AccountRouting(
                modelsDenied, modelMap, concurrency, requests, groups, dedicated, workspace, autoStopOnWarning);
    }

    /** The same in other groups. */
    public AccountRouting withGroups(Set<String> names) {
        return new AccountRouting(
                modelsDenied, modelMap, concurrency, weight, names, dedicated, workspace, autoStopOnWarning);
    }

    /** The same, dedicated or shared. */
    public AccountRouting withDedicated(boolean only) {
        return new AccountRouting(
                modelsDenied, modelMap, concurrency, weight, groups, only, workspace, autoStopOnWarning);
    }

    /** The same in another workspace; null means that it is alone. */
    public AccountRouting withWorkspace(@Nullable String name) {
        return new AccountRouting(
                modelsDenied, modelMap, concurrency, weight, groups, dedicated, name, autoStopOnWarning);
    }

    /** The same, resting from a warning on or not. */
    public AccountRouting withAutoStopOnWarning(boolean stop) {
        return new AccountRouting(modelsDenied, modelMap, concurrency, weight, groups, dedicated, workspace, stop);
    }
}
