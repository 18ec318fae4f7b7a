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
 * @param pin the accounts that alone will do
 * @param staying the account that its session is with; null where there is none
 * @param thinking whether it brings thinking back, which may be of use to that account and those of its workspace alone
 */
public record Asking(
        String keyId,
        Optional<SessionIdentity> session,
        String model,
        String family,
        KeyRouting key,
        Set<String> tried,
        Pin pin,
        @Nullable String staying,
        boolean thinking) {
    public Asking {
        requireNonNull(keyId, "keyId");
        requireNonNull(session, "session");
        requireNonNull(model, "model");
        requireNonNull(family, "family");
        requireNonNull(key, "key");
        tried = Set.copyOf(tried);
        requireNonNull(pin, "pin");
    }

    /** The same for a session that is bound to that account. */
    Asking boundTo(String accountId) {
        return new Asking(keyId, session, model, family, key, tried, pin.withSession(accountId), staying, thinking);
    }

    /** The same, where an account that was tried is asked once more, and no other. */
    public Asking onceMore(String accountId) {
        return new Asking(keyId, session, model, family, key, Set.of(), pin.only(accountId), staying, thinking);
    }

    /** A request of a key that is not bound, which refers to nothing and has no session. */
    public static Asking of(String model, Set<String> tried) {
        return new Asking("", Optional.empty(), model, "", KeyRouting.ANY, tried, Pin.NONE, null, false);
    }
}
