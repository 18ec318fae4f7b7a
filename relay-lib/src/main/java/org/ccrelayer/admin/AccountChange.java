package org.ccrelayer.admin;

import java.util.Set;
import java.util.function.UnaryOperator;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.account.Secret;
import org.jspecify.annotations.Nullable;

/**
 * What to change of an account; null leaves a field as it is.
 *
 * @param name 1 to 100 characters
 * @param baseUrl where the Messages API stands
 * @param apiKey the credential
 * @param priority 1 to 100
 * @param schedulable whether it may be chosen
 * @param models the models it may serve; empty means all
 * @param routing makes the new routing of the one that the account has; it runs within the store's change and must not
 *     block
 */
public record AccountChange(
        @Nullable String name,
        @Nullable String baseUrl,
        @Nullable Secret apiKey,
        @Nullable Integer priority,
        @Nullable Boolean schedulable,
        @Nullable Set<String> models,
        @Nullable UnaryOperator<AccountRouting> routing) {
    /** A change that leaves the routing. */
    public AccountChange(
            @Nullable String name,
            @Nullable String baseUrl,
            @Nullable Secret apiKey,
            @Nullable Integer priority,
            @Nullable Boolean schedulable,
            @Nullable Set<String> models) {
        this(name, baseUrl, apiKey, priority, schedulable, models, null);
    }

    /** Changes its routing. */
    public static AccountChange ofRouting(UnaryOperator<AccountRouting> routing) {
        return new AccountChange(null, null, null, null, null, null, routing);
    }
}
