package org.ccrelayer.internal.routing;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.ccrelayer.session.SessionStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps sessions with the account that has their cache, within one relay key each. A request never waits for that account, and
 * a session only moves when it cannot serve. Where there is thinking the account is remembered for 30 days, since only that
 * one, or one of its workspace, may take it back. Safe for concurrent use.
 */
public final class SessionAffinity {
    private static final Logger LOG = LoggerFactory.getLogger(SessionAffinity.class);
    private static final String LAST = "last:";
    private static final Duration LAST_TTL = Duration.ofDays(30);
    private static final Duration LAST_SLACK = Duration.ofDays(1);

    private final SessionStore sessions;
    private final Duration ttl;
    private final Map<Route.Reason, LongAdder> moves = new EnumMap<>(Route.Reason.class);

    /** Keeps them for {@code ttl} from their last use; where that is zero, only for their thinking. */
    public SessionAffinity(SessionStore sessions, Duration ttl) {
        this.sessions = requireNonNull(sessions, "sessions");
        this.ttl = requireNonNull(ttl, "ttl");
        for (Route.Reason reason : Route.Reason.values()) {
            if (movesFor(reason)) {
                moves.put(reason, new LongAdder());
            }
        }
    }

    /** Where a session is, once the store has said so; {@code thinking} is whether its request brings thinking back. */
    CompletionStage<SessionPlaces> places(
            String keyId, Optional<SessionIdentity> session, SessionBinding binding, boolean thinking) {
        SessionPlaces.Questions three = new SessionPlaces.Questions(
                binding.question(session),
                session.filter(known -> !ttl.isZero())
                        .map(known -> new SessionStore.Question(known.value(), known.common(), false)),
                session.filter(known -> thinking).map(known -> SessionStore.Question.of(LAST + known.value())));
        List<SessionStore.Question> questions = three.all();
        return questions.isEmpty()
                ? CompletableFuture.completedStage(SessionPlaces.NONE)
                : sessions.ask(keyId, questions).thenApply(three::answered);
    }

    /** An account begins to answer: a client that asks again as soon as it has the answer finds its session there. */
    void begun(Turn turn) {
        if (!turn.account().id().equals(turn.asking().staying())) {
            keep(turn);
        }
    }

    /** A request of a session was answered by an account. */
    void answered(Turn turn) {
        Route.Reason cause = turn.notStaying();
        if (keep(turn) && cause != null) {
            moves.get(cause).increment();
        }
    }

    /** Whether the session is with the turn's account from now on. What cannot be kept is only logged. */
    private boolean keep(Turn turn) {
        Route.Reason cause = turn.notStaying();
        Optional<SessionIdentity> session = turn.asking().session();
        if (session.isEmpty() || cause != null && !movesFor(cause)) {
            return false;
        }
        try {
            keep(turn, session.get());
            return true;
        } catch (RuntimeException e) {
            LOG.warn(
                    "A session of key {} cannot be kept with its account.",
                    turn.asking().keyId(),
                    e);
            return false;
        }
    }

    private void keep(Turn turn, SessionIdentity session) {
        String keyId = turn.asking().keyId();
        String accountId = turn.account().id();
        String common = session.common();
        if (!ttl.isZero()
                && (common == null || accountId.equals(turn.asking().key().account()))) {
            // Whoever is bound to an account has no need of a session there, and others with that session do not
            // follow.
            sessions.keep(keyId, session.value(), accountId, ttl);
        } else if (!ttl.isZero()) {
            sessions.keepForAll(keyId, session.value(), common, accountId, ttl);
        }
        if (turn.thinking()) {
            sessions.keep(keyId, LAST + session.value(), accountId, LAST_TTL, LAST_SLACK);
        }
    }

    /** A session comes back to an account that is only full, or spared, for the moment. */
    private static boolean movesFor(Route.Reason cause) {
        return switch (cause) {
            case CONCURRENCY_FULL, RESTING, PROBING, PRIORITY, RECENTLY_USED -> false;
            default -> true;
        };
    }

    /**
     * How many sessions moved to another account since the relay was started, by what kept them from theirs: the names of
     * {@link Route.Reason} in lower case.
     */
    public Map<String, Long> moves() {
        Map<String, Long> counts = new LinkedHashMap<>();
        moves.forEach((cause, count) -> counts.put(cause.name().toLowerCase(Locale.ROOT), count.sum()));
        return counts;
    }
}
