package org.ccrelayer.internal.admin;

import java.util.List;
import java.util.Optional;
import org.ccrelayer.apikey.KeyRouting;
import org.jspecify.annotations.Nullable;

/**
 * The routing in a request body, laid over the one that a relay key has: what the body does not name stays. A bad value is a
 * problem of the body. Immutable.
 */
final class KeyRoutingFields {
    /** Every member that is read here. */
    static final List<String> NAMES = List.of("boundAccount", "boundGroup", "mayLeave", "contentAffinity");

    private static final String BOTH =
            "cannot be set together with boundAccount; set one of them, an empty text removes the other";

    private final Optional<String> account;
    private final Optional<String> group;
    private final Optional<Boolean> mayLeave;
    private final Optional<Boolean> contentAffinity;

    KeyRoutingFields(BodyFields fields) {
        account = fields.string("boundAccount");
        group = fields.removable("boundGroup", FieldRules::label);
        mayLeave = fields.bool("mayLeave");
        contentAffinity = fields.bool("contentAffinity");
        if (both(BodyFields.left(account, null), BodyFields.left(group, null))) {
            fields.problem("boundGroup", BOTH);
        }
    }

    /**
     * The routing after the change.
     *
     * @throws IllegalArgumentException if it would be bound to an account and to a group
     */
    KeyRouting over(KeyRouting old) {
        String boundAccount = BodyFields.left(account, old.account());
        String boundGroup = BodyFields.left(group, old.group());
        if (both(boundAccount, boundGroup)) {
            throw new IllegalArgumentException("boundGroup: " + BOTH);
        }
        return new KeyRouting(
                boundAccount,
                boundGroup,
                mayLeave.orElse(old.mayLeave()),
                contentAffinity.orElse(old.contentAffinity()));
    }

    private static boolean both(@Nullable String account, @Nullable String group) {
        return account != null && group != null;
    }
}
