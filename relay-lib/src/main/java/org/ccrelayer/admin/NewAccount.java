package org.ccrelayer.admin;

import java.util.Set;
import org.ccrelayer.account.AccountKind;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.account.Secret;
import org.jspecify.annotations.Nullable;

/**
 * An account to be registered. Checked when it is registered, so that every problem is told at once.
 *
 * @param name 1 to 100 characters
 * @param kind how the credential is presented
 * @param baseUrl where the Messages API stands; null means the public API
 * @param apiKey the credential
 * @param priority 1 to 100, lower is served first; null means 50
 * @param schedulable whether it may be chosen
 * @param models the models it may serve; empty means all
 * @param routing which requests it takes beside that
 */
public record NewAccount(
        String name,
        AccountKind kind,
        @Nullable String baseUrl,
        Secret apiKey,
        @Nullable Integer priority,
        boolean schedulable,
        Set<String> models,
        AccountRouting routing) {
    /** An account that serves everybody. */
    public NewAccount(
            String name,
            AccountKind kind,
            @Nullable String baseUrl,
            Secret apiKey,
            @Nullable Integer priority,
            boolean schedulable,
            Set<String> models) {
        this(name, kind, baseUrl, apiKey, priority, schedulable, models, AccountRouting.DEFAULT);
    }

    /** An API-key account with default priority that may serve every model. */
    public static NewAccount apiKey(String name, @Nullable String baseUrl, Secret apiKey) {
        return new NewAccount(name, AccountKind.API_KEY, baseUrl, apiKey, null, true, Set.of());
    }
}
