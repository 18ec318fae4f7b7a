package org.ccrelayer.internal.routing;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * To which accounts a request must go, and why. Immutable.
 *
 * @param cause why
 * @param accounts the accounts that alone will do, which may be none; means nothing where nothing pins
 * @param gone what a client is told where waiting for them does not help; empty unless objects pin
 * @param code the Claude API's code for that; empty where there is none
 */
public record Pin(Cause cause, Set<String> accounts, String gone, String code) {
    /** Any account will do. */
    public static final Pin NONE = new Pin(Cause.NOTHING, Set.of(), "", "");

    /** Why a request must go to certain accounts. */
    public enum Cause {
        /** It need not. */
        NOTHING,
        /** Its session is bound to one. */
        SESSION,
        /** It names what only they have. */
        OBJECTS,
        /** It was refused for the moment by one, which is asked once more. */
        AGAIN
    }

    public Pin {
        requireNonNull(cause, "cause");
        requireNonNull(gone, "gone");
        requireNonNull(code, "code");
        accounts = Set.copyOf(accounts);
    }

    /** Whether that account will do. */
    boolean allows(String accountId) {
        return cause == Cause.NOTHING || accounts.contains(accountId);
    }

    /** That account alone, if it will do at all. */
    Pin only(String accountId) {
        return new Pin(Cause.AGAIN, allows(accountId) ? Set.of(accountId) : Set.of(), gone, code);
    }

    /** The same for a session that is bound to that account; where that has not what is named, nobody will do. */
    Pin withSession(String accountId) {
        return allows(accountId)
                ? new Pin(Cause.SESSION, Set.of(accountId), "", "")
                : new Pin(cause, Set.of(), gone, code);
    }
}
