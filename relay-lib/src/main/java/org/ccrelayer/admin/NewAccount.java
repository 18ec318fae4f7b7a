package org.ccrelayer.admin;

import java.util.Set;
import org.ccrelayer.account.AccountCredential;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.account.AccountTerms;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.jspecify.annotations.Nullable;

/**
 * An account to be registered. Checked when it is registered, so that every problem is told at once.
 *
 * @param name 1 to 100 characters
 * @param credential what it proves its right with
 * @param baseUrl where the Messages API stands; null means the public API
 * @param priority 1 to 100, lower is served first; null means 50
 * @param schedulable whether it may be chosen
 * @param models the models it may serve; empty means all
 * @param routing which requests it takes beside that
 * @param proxy the road on which its requests leave
 * @param tls how its connections are secured
 * @param terms what is agreed for it; until when it rests is left out
 */
public record NewAccount(
        String name,
        AccountCredential credential,
        @Nullable String baseUrl,
        @Nullable Integer priority,
        boolean schedulable,
        Set<String> models,
        AccountRouting routing,
        EgressProxy proxy,
        TlsPolicy tls,
        AccountTerms terms) {
    /** An account for which nothing else is agreed. */
    public NewAccount(
            String name,
            AccountCredential credential,
            @Nullable String baseUrl,
            @Nullable Integer priority,
            boolean schedulable,
            Set<String> models,
            AccountRouting routing,
            EgressProxy proxy,
            TlsPolicy tls) {
        this(name, credential, baseUrl, priority, schedulable, models, routing, proxy, tls, AccountTerms.NONE);
    }

    /** An account that serves everybody, straight from here. */
    public NewAccount(
            String name,
            AccountCredential credential,
            @Nullable String baseUrl,
            @Nullable Integer priority,
            boolean schedulable,
            Set<String> models) {
        this(
                name,
                credential,
                baseUrl,
                priority,
                schedulable,
                models,
                AccountRouting.DEFAULT,
                EgressProxy.DIRECT,
                TlsPolicy.DEFAULT);
    }

    /** An API-key account of the public API, with default priority, that may serve every model. */
    public static NewAccount apiKey(String name, Secret apiKey) {
        return apiKey(name, null, apiKey);
    }

    /** An API-key account with default priority that may serve every model. */
    public static NewAccount apiKey(String name, @Nullable String baseUrl, Secret apiKey) {
        return new NewAccount(name, new ApiKeyCredential(apiKey), baseUrl, null, true, Set.of());
    }
}
