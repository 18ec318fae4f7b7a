package org.ccrelayer.internal.admin;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.admin.RelayAdministration;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.internal.json.JsonObject;

/** Relay keys over HTTP. A key itself goes out once, when it is issued. Safe for concurrent use. */
final class KeyRoutes {
    private static final String UNKNOWN_ID = "There is no relay key with this id. GET /admin/keys lists all.";

    private final RelayAdministration administration;
    private final InstantSource time;

    KeyRoutes(RelayAdministration administration, InstantSource time) {
        this.administration = administration;
        this.time = time;
    }

    AdminResponse list(AdminRequest request, String none) {
        return AdminResponse.list(
                administration.keys().stream().map(KeyRoutes::json).toList());
    }

    AdminResponse create(AdminRequest request, String none) {
        BodyFields fields = BodyFields.of(request.body(), "name", "modelsAllowed", "expiresAt");
        Optional<String> name = fields.checked("name", fields.string("name"), FieldRules::name);
        Optional<Set<String>> models =
                fields.checked("modelsAllowed", fields.strings("modelsAllowed"), FieldRules::models);
        Optional<Instant> expiresAt = fields.checked(
                "expiresAt", fields.instant("expiresAt"), at -> FieldRules.expiresAt(at, time.instant()));
        fields.required("name", name);
        fields.refuse();
        IssuedKey issued = administration.createKey(
                new NewKey(name.orElseThrow(), models.orElse(Set.of()), expiresAt.orElse(null)));
        return AdminResponse.created(JsonObject.empty()
                .with("id", issued.key().id())
                .with("key", issued.secret().reveal())
                .with("name", issued.key().name()));
    }

    AdminResponse enable(AdminRequest request, String id) {
        BodyFields fields = BodyFields.of(request.body(), "enabled");
        Optional<Boolean> enabled = fields.required("enabled", fields.bool("enabled"));
        fields.refuse();
        return administration
                .enableKey(id, enabled.orElseThrow())
                .map(key -> AdminResponse.ok(json(key)))
                .orElseGet(() -> AdminResponse.notFound(UNKNOWN_ID));
    }

    AdminResponse delete(AdminRequest request, String id) {
        return administration.deleteKey(id)
                ? AdminResponse.ok(JsonObject.empty().with("status", "deleted"))
                : AdminResponse.notFound(UNKNOWN_ID);
    }

    private static JsonObject json(ApiKey key) {
        Instant expiresAt = key.expiresAt();
        return JsonObject.empty()
                .with("id", key.id())
                .with("name", key.name())
                .with("enabled", key.enabled())
                .with("modelsAllowed", new TreeSet<>(key.limits().modelsAllowed()))
                .with("createdAt", key.createdAt().toString())
                .with("expiresAt", expiresAt == null ? null : expiresAt.toString());
    }
}
