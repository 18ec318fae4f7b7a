package org.ccrelayer.internal.admin;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ccrelayer.admin.KeyChange;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.KeyRouting;

/** Reads relay keys and changes of them from request bodies. Safe for concurrent use. */
final class KeyFields {
    private final KeyRules rules;
    private final InstantSource time;

    KeyFields(KeyRules rules, InstantSource time) {
        this.rules = rules;
        this.time = time;
    }

    /**
     * The key that a body asks for.
     *
     * @throws IllegalArgumentException with every problem of a single field
     */
    NewKey newKey(byte[] body) {
        BodyFields fields = BodyFields.of(body, names("name", "expiresAt", WholeNumber.ACTIVATION_DAYS.field()));
        String name = fields.required("name", name(fields)).orElse("");
        KeyLimits limits = new LimitFields(fields, rules).over(KeyLimits.NONE);
        Optional<Instant> expiresAt = expiresAt(fields).filter(at -> !at.equals(KeyChange.NEVER));
        int activationDays = activationDays(fields).orElse(0);
        KeyRoutingFields routing = new KeyRoutingFields(fields);
        fields.refuse();
        return new NewKey(name, limits, expiresAt.orElse(null), activationDays, routing.over(KeyRouting.ANY));
    }

    /**
     * The change that a body asks for.
     *
     * @throws IllegalArgumentException with every problem of a single field
     */
    KeyChange change(byte[] body) {
        BodyFields fields =
                BodyFields.of(body, names("name", "enabled", "expiresAt", WholeNumber.ACTIVATION_DAYS.field()));
        KeyChange change = new KeyChange(
                name(fields).orElse(null),
                fields.bool("enabled").orElse(null),
                new LimitFields(fields, rules)::over,
                expiresAt(fields).orElse(null),
                activationDays(fields).orElse(null),
                new KeyRoutingFields(fields)::over);
        fields.refuse();
        return change;
    }

    private static String[] names(String... others) {
        return Stream.of(List.of(others), LimitFields.NAMES, KeyRoutingFields.NAMES)
                .flatMap(List::stream)
                .toArray(String[]::new);
    }

    private static Optional<String> name(BodyFields fields) {
        return fields.checked("name", fields.string("name"), FieldRules::name);
    }

    private Optional<Instant> expiresAt(BodyFields fields) {
        if (fields.string("expiresAt").filter(String::isEmpty).isPresent()) {
            return Optional.of(KeyChange.NEVER);
        }
        return fields.checked("expiresAt", fields.instant("expiresAt"), at -> FieldRules.expiresAt(at, time.instant()));
    }

    private static Optional<Integer> activationDays(BodyFields fields) {
        return fields.number(WholeNumber.ACTIVATION_DAYS).map(Math::toIntExact);
    }
}
