package org.ccrelayer.account;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An upstream account: a credential of the operator's organization and where it is used. Immutable; prints no secret.
 *
 * @param id the relay's own id
 * @param name for people, 1 to 100 characters
 * @param credential what it proves its right with
 * @param baseUrl where the Messages API stands, without a trailing slash
 * @param priority 1 to 100, lower is served first
 * @param schedulable whether the operator lets it be chosen
 * @param models the models it may serve; empty means all
 * @param createdAt when it was registered
 * @param routing which requests it takes beside that
 * @param proxy the road on which its requests leave
 * @param tls how its connections are secured
 * @param terms what is agreed for it
 */
public record Account(
        String id,
        String name,
        AccountCredential credential,
        URI baseUrl,
        int priority,
        boolean schedulable,
        Set<String> models,
        Instant createdAt,
        AccountRouting routing,
        EgressProxy proxy,
        TlsPolicy tls,
        AccountTerms terms) {
    /** The priority of an account that names none. */
    public static final int DEFAULT_PRIORITY = 50;

    public Account {
        requireNonNull(id, "id");
        requireNonNull(name, "name");
        requireNonNull(credential, "credential");
        requireNonNull(baseUrl, "baseUrl");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(routing, "routing");
        requireNonNull(proxy, "proxy");
        requireNonNull(tls, "tls");
        requireNonNull(terms, "terms");
        if (priority < 1 || priority > 100) {
            throw new IllegalArgumentException("priority: must be 1 to 100");
        }
        models = Set.copyOf(models);
    }

    /** An account for which nothing else is agreed. */
    public Account(
            String id,
            String name,
            AccountCredential credential,
            URI baseUrl,
            int priority,
            boolean schedulable,
            Set<String> models,
            Instant createdAt,
            AccountRouting routing,
            EgressProxy proxy,
            TlsPolicy tls) {
        this(
                id,
                name,
                credential,
                baseUrl,
                priority,
                schedulable,
                models,
                createdAt,
                routing,
                proxy,
                tls,
                AccountTerms.NONE);
    }

    /** An account that serves everybody, straight from here. */
    public Account(
            String id,
            String name,
            AccountCredential credential,
            URI baseUrl,
            int priority,
            boolean schedulable,
            Set<String> models,
            Instant createdAt) {
        this(id, name, credential, baseUrl, priority, schedulable, models, createdAt, AccountRouting.DEFAULT);
    }

    /** An account whose requests leave straight from here. */
    public Account(
            String id,
            String name,
            AccountCredential credential,
            URI baseUrl,
            int priority,
            boolean schedulable,
            Set<String> models,
            Instant createdAt,
            AccountRouting routing) {
        this(
                id,
                name,
                credential,
                baseUrl,
                priority,
                schedulable,
                models,
                createdAt,
                routing,
                EgressProxy.DIRECT,
                TlsPolicy.DEFAULT);
    }

    /** Whether an operator left it as {@code other} is, which is all but until when somebody else has it rest. */
    public boolean setLike(Account other) {
        boolean restsLike = Objects.equals(terms.restsUntil(), other.terms.restsUntil());
        return this == other || (restsLike ? equals(other) : awake().equals(other.awake()));
    }

    private Account awake() {
        return new Account(
                id,
                name,
                credential,
                baseUrl,
                priority,
                schedulable,
                models,
                createdAt,
                routing,
                proxy,
                tls,
                terms.awake());
    }

    /** What kind of credential it has. */
    public AccountKind kind() {
        return credential.kind();
    }

    /** Whether its credential, and every other secret it needs, can be used; false where one could not be decrypted. */
    public boolean hasReadableCredential() {
        return areReadable(credential.secrets()) && areReadable(proxy.secrets()) && areReadable(tls.secrets());
    }

    /** Why its credential cannot be used, where it is not that it could not be decrypted. */
    public Optional<String> credentialProblem() {
        return credential.secrets().stream()
                .flatMap(secret -> secret.problem().stream())
                .findFirst();
    }

    /** Asked of every account for every request, so without a stream. */
    private static boolean areReadable(List<Secret> secrets) {
        for (Secret secret : secrets) {
            if (!secret.isReadable()) {
                return false;
            }
        }
        return true;
    }

    /** Whether it may serve {@code model}. */
    public boolean serves(String model) {
        return (models.isEmpty() || models.contains(model))
                && !routing.modelsDenied().contains(model);
    }
}
