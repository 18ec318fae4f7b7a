package org.ccrelayer.internal.routing;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.ccrelayer.session.SessionStore;

/**
 * Keeps sessions with the account that has their cache, within one relay key each. A request never waits for that account, and
 * a session only moves when it cannot serve. Safe for concurrent use.
 */
public final class SessionAffinity {
    private final SessionStore sessions;
    private final Duration ttl;
    private final Map<Route.Reason, LongAdder> moves = new EnumMap<>(Route.Reason.class);

    /** Keeps them for {@code ttl} from their last use; not at all where that is zero. */
    public SessionAffinity(SessionStore sessions, Duration ttl) {
        this.sessions = requireNonNull(sessions, "sessions");
        this.ttl = requireNonNull(ttl, "ttl");
        for (Route.Reason reason : Route.Reason.values()) {
            moves.put(reason, new LongAdder());
        }
    }

    Optional<String> account(String keyId, Optional<SessionIdentity> session) {
        return ttl.isZero() ? Optional.empty() : session.flatMap(known -> sessions.account(keyId, known.value()));
    }

    /** A request of a session was answered by an account. */
    void answered(Turn turn) {
        Optional<SessionIdentity> session = turn.asking().session();
        if (ttl.isZero() || session.isEmpty()) {
            return;
        }
        Route.Reason cause = turn.notStaying();
        if (cause == null || movesFor(cause)) {
            sessions.keep(
                    turn.asking().keyId(), session.get().value(), turn.account().id(), ttl);
        }
        if (cause != null && movesFor(cause)) {
            moves.get(cause).increment();
        }
    }

    /** A session comes back to an account that is only full, or spared, for the moment. */
    private static boolean movesFor(Route.Reason cause) {
        return switch (cause) {
            case CONCURRENCY_FULL, RESTING, PROBING, PRIORITY, RECENTLY_USED -> false;
            default -> true;
        };
    }

    /** How many sessions moved to another account because of that. */
    public long moves(Route.Reason cause) {
        return moves.getOrDefault(cause, new LongAdder()).sum();
    }
}
