package org.ccrelayer.internal.routing;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.Set;
import org.ccrelayer.apikey.KeyRouting;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks of routing. Immutable.
 *
 * @param keyId the relay key that asks
 * @param session the session it belongs to, where it names or shows one
 * @param model the model that is asked for
 * @param family its family; empty where that is not known
 * @param key where the relay key's requests may go
 * @param tried the accounts that were tried for it
 * @param pinned the accounts that alone have what it refers to; empty where any will do
 * @param staying the account that its session is with; null where there is none
 */
public record Asking(
        String keyId,
        Optional<SessionIdentity> session,
        String model,
        String family,
        KeyRouting key,
        Set<String> tried,
        Set<String> pinned,
        @Nullable String staying) {
    public Asking {
        requireNonNull(keyId, "keyId");
        requireNonNull(session, "session");
        requireNonNull(model, "model");
        requireNonNull(family, "family");
        requireNonNull(key, "key");
        tried = Set.copyOf(tried);
        pinned = Set.copyOf(pinned);
    }

    /** The same, where only that account will do. */
    Asking pinnedTo(String accountId) {
        return new Asking(keyId, session, model, family, key, tried, Set.of(accountId), staying);
    }

    /** Whether only certain accounts will do. */
    public boolean isPinned() {
        return !pinned.isEmpty();
    }

    /** A request of a key that is not bound, which refers to nothing and has no session. */
    public static Asking of(String model, Set<String> tried) {
        return new Asking("", Optional.empty(), model, "", KeyRouting.ANY, tried, Set.of(), null);
    }
}
