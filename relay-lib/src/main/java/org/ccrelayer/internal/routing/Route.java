package org.ccrelayer.internal.routing;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import org.ccrelayer.account.Account;

/**
 * Which account serves a request, and why no other does.
 *
 * @param chosen the account; empty where none can serve
 * @param leftOut every other account's id with the reason
 */
public record Route(Optional<Account> chosen, Map<String, Reason> leftOut) {
    /** Why an account was not chosen. */
    public enum Reason {
        /** The operator took it out. */
        DISABLED,
        /** It may not serve the model. */
        MODEL,
        /** It was tried for this request already. */
        TRIED,
        /** Another one is served first. */
        PRIORITY,
        /** Another one was used longer ago. */
        RECENTLY_USED
    }

    public Route {
        requireNonNull(chosen, "chosen");
        leftOut = Map.copyOf(leftOut);
    }
}
