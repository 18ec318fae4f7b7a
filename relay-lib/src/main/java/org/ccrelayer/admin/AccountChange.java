package org.ccrelayer.admin;

import java.util.Set;
import java.util.function.UnaryOperator;
import org.ccrelayer.account.AccountCredential;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.account.AccountTerms;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What to change of an account; null leaves a field as it is. What makes a new value of the old one runs within the store's
 * change and must not block.
 *
 * @param name 1 to 100 characters
 * @param baseUrl where the Messages API stands
 * @param credential makes the new credential of the old one
 * @param priority 1 to 100
 * @param schedulable whether it may be chosen
 * @param models the models it may serve; empty means all
 * @param routing makes the new routing of the old one
 * @param proxy makes the new road of the old one
 * @param tls makes the new policy of the old one
 * @param terms makes what is agreed of what was agreed; until when the account rests stays
 */
public record AccountChange(
        @Nullable String name,
        @Nullable String baseUrl,
        @Nullable UnaryOperator<AccountCredential> credential,
        @Nullable Integer priority,
        @Nullable Boolean schedulable,
        @Nullable Set<String> models,
        @Nullable UnaryOperator<AccountRouting> routing,
        @Nullable UnaryOperator<EgressProxy> proxy,
        @Nullable UnaryOperator<TlsPolicy> tls,
        @Nullable UnaryOperator<AccountTerms> terms) {

    /** A change that leaves what is agreed. */
    public AccountChange(
            @Nullable String name,
            @Nullable String baseUrl,
            @Nullable UnaryOperator<AccountCredential> credential,
            @Nullable Integer priority,
            @Nullable Boolean schedulable,
            @Nullable Set<String> models,
            @Nullable UnaryOperator<AccountRouting> routing,
            @Nullable UnaryOperator<EgressProxy> proxy,
            @Nullable UnaryOperator<TlsPolicy> tls) {
        this(name, baseUrl, credential, priority, schedulable, models, routing, proxy, tls, null);
    }

    /** A change of an API-key account, or of any account but its credential. */
    public AccountChange(
            @Nullable String name,
            @Nullable String baseUrl,
            @Nullable Secret apiKey,
            @Nullable Integer priority,
            @Nullable Boolean schedulable,
            @Nullable Set<String> models) {
        this(name, baseUrl, withKey(apiKey), priority, schedulable, models, null, null, null);
    }

    private static @Nullable UnaryOperator<AccountCredential> withKey(@Nullable Secret apiKey) {
        return apiKey == null
                ? null
                : old -> old instanceof ApiKeyCredential known
                        ? new ApiKeyCredential(apiKey, known.header())
                        : new ApiKeyCredential(apiKey);
    }

    /** Changes its credential. */
    public static AccountChange ofCredential(UnaryOperator<AccountCredential> credential) {
        return new AccountChange(null, null, credential, null, null, null, null, null, null);
    }

    /** Changes its routing. */
    public static AccountChange ofRouting(UnaryOperator<AccountRouting> routing) {
        return new AccountChange(null, null, null, null, null, null, routing, null, null);
    }

    /** Changes what is agreed for it. */
    public static AccountChange ofTerms(UnaryOperator<AccountTerms> terms) {
        return new AccountChange(null, null, null, null, null, null, null, null, null, terms);
    }

    /** Changes the road on which its requests leave. */
    public static AccountChange ofProxy(EgressProxy proxy) {
        return new AccountChange(null, null, null, null, null, null, null, old -> proxy, null);
    }

    /** Changes how its connections are secured. */
    public static AccountChange ofTls(TlsPolicy tls) {
        return new AccountChange(null, null, null, null, null, null, null, null, old -> tls);
    }
}
