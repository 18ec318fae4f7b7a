package org.ccrelayer.ownership;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Where an object was made. Immutable.
 *
 * @param accountId the account
 * @param workspace the workspace that the account declared then, which outlives it; null where it declared none
 */
public record Maker(String accountId, @Nullable String workspace) {
    public Maker {
        requireNonNull(accountId, "accountId");
    }
}
