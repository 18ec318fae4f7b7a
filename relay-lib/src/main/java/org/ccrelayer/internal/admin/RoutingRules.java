package org.ccrelayer.internal.admin;

import java.util.function.Predicate;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.apikey.KeyRouting;

/** What the routing of accounts and relay keys must be like, by the fields' names in the administration API. Stateless. */
final class RoutingRules {
    private RoutingRules() {}

    /** Notes everything that is wrong with an account's routing. */
    static void check(AccountRouting routing, Problems problems) {
        problems.add("modelsDenied", FieldRules.models(routing.modelsDenied()));
        problems.add("modelMap", FieldRules.modelMap(routing.modelMap()));
        problems.add(WholeNumber.CONCURRENCY, routing.concurrency());
        problems.add(WholeNumber.WEIGHT, routing.weight());
        problems.add("groups", FieldRules.groups(routing.groups()));
        String workspace = routing.workspace();
        if (workspace != null) {
            problems.add("workspace", FieldRules.label(workspace));
        }
    }

    /**
     * Notes everything that is wrong with a relay key's routing.
     *
     * @param before what it was; an account that stays may have been deleted
     * @param exists whether there is an account with an id
     */
    static void check(KeyRouting routing, KeyRouting before, Predicate<String> exists, Problems problems) {
        String account = routing.account();
        if (account != null && !account.equals(before.account()) && !exists.test(account)) {
            problems.add("boundAccount", "must be the id of an account; GET /admin/accounts lists all");
        }
        String group = routing.group();
        if (group != null) {
            problems.add("boundGroup", FieldRules.label(group));
        }
    }
}
