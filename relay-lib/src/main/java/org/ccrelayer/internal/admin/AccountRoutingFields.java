package org.ccrelayer.internal.admin;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ccrelayer.account.AccountRouting;

/**
 * The routing in a request body, laid over the one that an account has: what the body does not name stays. A bad value is a
 * problem of the body. Immutable.
 */
final class AccountRoutingFields {
    /** Every member that is read here. */
    static final List<String> NAMES = List.of(
            "modelsDenied",
            "modelMap",
            "concurrencyLimit",
            "weight",
            "groups",
            "dedicated",
            "workspace",
            "autoStopOnWarning");

    private final Optional<Set<String>> denied;
    private final Optional<Map<String, String>> map;
    private final Optional<Integer> concurrency;
    private final Optional<Integer> weight;
    private final Optional<Set<String>> groups;
    private final Optional<Boolean> dedicated;
    private final Optional<String> workspace;
    private final Optional<Boolean> autoStop;

    AccountRoutingFields(BodyFields fields) {
        denied = fields.checked("modelsDenied", fields.strings("modelsDenied"), FieldRules::models);
        map = fields.checked("modelMap", fields.texts("modelMap"), FieldRules::modelMap);
        concurrency = fields.number(WholeNumber.CONCURRENCY).map(Math::toIntExact);
        weight = fields.number(WholeNumber.WEIGHT).map(Math::toIntExact);
        groups = fields.checked("groups", fields.strings("groups"), FieldRules::groups);
        dedicated = fields.bool("dedicated");
        workspace = fields.removable("workspace", FieldRules::label);
        autoStop = fields.bool("autoStopOnWarning");
    }

    /** The routing after the change. */
    AccountRouting over(AccountRouting old) {
        return new AccountRouting(
                denied.orElse(old.modelsDenied()),
                map.orElse(old.modelMap()),
                concurrency.orElse(old.concurrency()),
                weight.orElse(old.weight()),
                groups.orElse(old.groups()),
                dedicated.orElse(old.dedicated()),
                BodyFields.left(workspace, old.workspace()),
                autoStop.orElse(old.autoStopOnWarning()));
    }
}
