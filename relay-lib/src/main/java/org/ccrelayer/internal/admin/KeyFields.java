package org.ccrelayer.internal.admin;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ccrelayer.admin.KeyChange;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.apikey.KeyAccess;
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
        BodyFields fields = BodyFields.of(body, names("name", "expiresAt"));
        String name = fields.required("name", name(fields)).orElse("");
        KeyLimits limits = new LimitFields(fields, rules).over(KeyLimits.NONE);
        Optional<Instant> expiresAt = expiresAt(fields).filter(at -> !at.equals(KeyChange.NEVER));
        int days = whole(fields, WholeNumber.ACTIVATION_DAYS).orElse(0);
        int hours = whole(fields, WholeNumber.ACTIVATION_HOURS).orElse(0);
        KeyRoutingFields routing = new KeyRoutingFields(fields);
        KeyAccess access = new KeyAccessFields(fields).over(KeyAccess.ALL);
        fields.refuse();
        return new NewKey(name, limits, expiresAt.orElse(null), days, hours, routing.over(KeyRouting.ANY), access);
    }

    /**
     * The change that a body asks for.
     *
     * @throws IllegalArgumentException with every problem of a single field
     */
    KeyChange change(byte[] body) {
        BodyFields fields = BodyFields.of(body, names("name", "enabled", "expiresAt"));
        KeyChange change = new KeyChange(
                name(fields).orElse(null),
                fields.bool("enabled").orElse(null),
                new LimitFields(fields, rules)::over,
                expiresAt(fields).orElse(null),
                whole(fields, WholeNumber.ACTIVATION_DAYS).orElse(null),
                whole(fields, WholeNumber.ACTIVATION_HOURS).orElse(null),
                new KeyRoutingFields(fields)::over,
                new KeyAccessFields(fields)::over);
        fields.refuse();
        return change;
    }

    private static String[] names(String... others) {
        List<String> activation = List.of(WholeNumber.ACTIVATION_DAYS.field(), WholeNumber.ACTIVATION_HOURS.field());
        return Stream.of(List.of(others), activation, LimitFields.NAMES, KeyRoutingFields.NAMES, KeyAccessFields.NAMES)
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

    private static Optional<Integer> whole(BodyFields fields, WholeNumber number) {
        return fields.number(number).map(Math::toIntExact);
    }
}
