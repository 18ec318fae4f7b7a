package org.ccrelayer.admin;

import java.util.Set;
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
 */
public record AccountChange(
        @Nullable String name,
        @Nullable String baseUrl,
        @Nullable Secret apiKey,
        @Nullable Integer priority,
        @Nullable Boolean schedulable,
        @Nullable Set<String> models) {}
