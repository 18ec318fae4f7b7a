package org.ccrelayer.internal.store.embedded;

import static org.ccrelayer.internal.store.embedded.RecordFormat.text;
import static org.ccrelayer.internal.store.embedded.RecordFormat.truth;

import java.time.Instant;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.internal.json.JsonObject;

/** Relay keys as JSON. Safe for concurrent use. */
final class ApiKeyFormat implements RecordFormat<ApiKey> {
    @Override
    public String id(ApiKey key) {
        return key.id();
    }

    @Override
    public String alias(ApiKey key) {
        return key.hash();
    }

    @Override
    public Instant createdAt(ApiKey key) {
        return key.createdAt();
    }

    @Override
    public JsonObject write(JsonObject previous, ApiKey key) {
        Instant expiresAt = key.expiresAt();
        Instant activatedAt = key.activation().activatedAt();
        JsonObject limited = KeyLimitsFormat.write(previous, key.limits());
        return AccessFormat.write(RoutingFormat.write(limited, key.routing()), key.access())
                .with("v", VERSION)
                .with("id", key.id())
                .with("name", key.name())
                .with("hash", key.hash())
                .with("enabled", key.enabled())
                .with("createdAt", key.createdAt().toString())
                .with("expiresAt", expiresAt == null ? null : expiresAt.toString())
                .with("activationDays", key.activation().days())
                .with("activationHours", key.activation().hours())
                .with("activatedAt", activatedAt == null ? null : activatedAt.toString());
    }

    @Override
    public ApiKey read(JsonObject json) {
        return new ApiKey(
                text(json, "id"),
                text(json, "name"),
                text(json, "hash"),
                truth(json, "enabled"),
                KeyLimitsFormat.read(json),
                Instant.parse(text(json, "createdAt")),
                json.string("expiresAt").map(Instant::parse).orElse(null),
                activation(json),
                RoutingFormat.ofKey(json),
                AccessFormat.read(json));
    }

    private static Activation activation(JsonObject json) {
        int hours = json.integer("activationHours").orElse(0L).intValue();
        Instant activatedAt = json.string("activatedAt").map(Instant::parse).orElse(null);
        return hours > 0
                ? new Activation(hours, Activation.Unit.HOURS, activatedAt)
                : new Activation(json.integer("activationDays").orElse(0L).intValue(), activatedAt);
    }
}
