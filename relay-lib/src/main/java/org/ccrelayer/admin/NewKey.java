package org.ccrelayer.admin;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A relay key to be issued.
 *
 * @param name 1 to 100 characters
 * @param modelsAllowed the models it may ask for; empty means all
 * @param expiresAt from when on it is refused; null means never
 */
public record NewKey(
        String name, Set<String> modelsAllowed, @Nullable Instant expiresAt) {
    /** A key without limits. */
    public static NewKey named(String name) {
        return new NewKey(name, Set.of(), null);
    }
}
