package org.ccrelayer.account;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Instant;
import java.util.Set;

/**
 * An upstream account: a credential of the operator's organization and where it is used. Immutable; prints no secret.
 *
 * @param id the relay's own id
 * @param name for people, 1 to 100 characters
 * @param kind how the credential is presented
 * @param baseUrl where the Messages API stands, without a trailing slash
 * @param apiKey the credential
 * @param priority 1 to 100, lower is served first
 * @param schedulable whether the operator lets it be chosen
 * @param models the models it may serve; empty means all
 * @param createdAt when it was registered
 * @param routing which requests it takes beside that
 */
public record Account(
        String id,
        String name,
        AccountKind kind,
        URI baseUrl,
        Secret apiKey,
        int priority,
        boolean schedulable,
        Set<String> models,
        Instant createdAt,
        AccountRouting routing) {
    /** The priority of an account that names none. */
    public static final int DEFAULT_PRIORITY = 50;

    public Account {
        requireNonNull(id, "id");
        requireNonNull(name, "name");
        requireNonNull(kind, "kind");
        requireNonNull(baseUrl, "baseUrl");
        requireNonNull(apiKey, "apiKey");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(routing, "routing");
        if (priority < 1 || priority > 100) {
            throw new IllegalArgumentException("priority: must be 1 to 100");
        }
        models = Set.copyOf(models);
    }

    /** An account that serves everybody. */
    public Account(
            String id,
            String name,
            AccountKind kind,
            URI baseUrl,
            Secret apiKey,
            int priority,
            boolean schedulable,
            Set<String> models,
            Instant createdAt) {
        this(id, name, kind, baseUrl, apiKey, priority, schedulable, models, createdAt, AccountRouting.DEFAULT);
    }

    /** Whether it may serve {@code model}. */
    public boolean serves(String model) {
        return (models.isEmpty() || models.contains(model))
                && !routing.modelsDenied().contains(model);
    }
}
