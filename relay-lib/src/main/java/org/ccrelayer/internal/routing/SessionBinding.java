package org.ccrelayer.internal.routing;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import org.ccrelayer.session.SessionStore;

/**
 * Binds named sessions to the account that first served them, within one relay key each, where an operator wants that: such
 * a session goes to that account or nowhere. Safe for concurrent use.
 */
public final class SessionBinding {
    private static final String PREFIX = "binding:";

    private final SessionStore sessions;
    private final Duration ttl;

    /** Binds for {@code ttl} from the last use; not at all where that is zero. */
    public SessionBinding(SessionStore sessions, Duration ttl) {
        this.sessions = requireNonNull(sessions, "sessions");
        this.ttl = requireNonNull(ttl, "ttl");
    }

    /**
     * What binding a session came to.
     *
     * @param elsewhere the account that it is bound to already, where that is another one
     * @param fresh whether it was not bound before
     */
    record Bound(Optional<String> elsewhere, boolean fresh) {
        private static final Bound NOT = new Bound(Optional.empty(), false);
    }

    /** Binds the session, or renews its binding; waits for the store only where it is not known to be bound. */
    Bound bind(Asking asking, String accountId) {
        if (asking.pin().cause() == Pin.Cause.SESSION) {
            name(asking.session()).ifPresent(name -> sessions.extend(asking.keyId(), name, ttl));
            return Bound.NOT;
        }
        return name(asking.session())
                .map(name -> {
                    Optional<String> earlier = sessions.bind(asking.keyId(), name, accountId, ttl);
                    if (earlier.isPresent()) {
                        sessions.extend(asking.keyId(), name, ttl);
                    }
                    return new Bound(earlier.filter(account -> !account.equals(accountId)), earlier.isEmpty());
                })
                .orElse(Bound.NOT);
    }

    /** An account that a session was just bound to did not serve it: the next one may. */
    void release(Asking asking) {
        name(asking.session()).ifPresent(name -> sessions.forget(asking.keyId(), name));
    }

    /** What the store is asked for its binding. */
    Optional<SessionStore.Question> question(Optional<SessionIdentity> session) {
        return name(session)
                .map(name -> new SessionStore.Question(
                        name, session.map(SessionIdentity::common).orElse(null), true));
    }

    /** What the store knows its binding by. A session that is only told by its content has no name of its own. */
    private Optional<String> name(Optional<SessionIdentity> session) {
        return ttl.isZero()
                ? Optional.empty()
                : session.filter(known -> known.source() != SessionIdentity.Source.CONTENT)
                        .map(known -> PREFIX + known.value());
    }
}
