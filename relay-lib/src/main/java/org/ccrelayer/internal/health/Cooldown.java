package org.ccrelayer.internal.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.ccrelayer.internal.health.Standing.State;
import org.ccrelayer.internal.health.Verdict.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one account, or one family on it, out for a time and then lets one request after the other try, until one
 * succeeds. Trouble of the upstream keeps it out twice as long each time. Not safe for concurrent use.
 */
final class Cooldown {
    /** How long the first trouble of the upstream keeps out. */
    static final Duration FIRST = Duration.ofSeconds(2);

    /** How long a throttle does that names no time; then all may come back at once. */
    static final Duration MOMENT = Duration.ofSeconds(1);

    /** How long one that only an operator can help stays out before it is tried once. */
    static final Duration RECHECK = Duration.ofMinutes(5);

    /** How long a probe may take before another request may try. */
    static final Duration PROBE = Duration.ofSeconds(30);

    private static final int MOST_DOUBLINGS = 20;

    private @Nullable Verdict cause;
    private @Nullable Instant until;
    private @Nullable Instant probeEnds;
    private int troubles;

    Standing at(Instant now) {
        Verdict why = cause;
        State state = state(now);
        if (why == null || state == State.IN) {
            return Standing.IN;
        }
        boolean passed = state == State.HALF_OPEN || state == State.PROBING;
        return new Standing(state, why.kind(), until, why.soft() || passed && !why.lasting(), why.reason());
    }

    private State state(Instant now) {
        if (cause == null) {
            return State.IN;
        }
        if (until == null) {
            return State.OUT;
        }
        if (now.isBefore(until)) {
            return State.COOLING;
        }
        if (momentary(cause)) {
            return State.IN;
        }
        return probeEnds != null && now.isBefore(probeEnds) ? State.PROBING : State.HALF_OPEN;
    }

    /** Takes the probe where there is one to be taken. */
    void probe(Instant now) {
        if (state(now) == State.HALF_OPEN) {
            probeEnds = now.plus(PROBE);
        }
    }

    /** The probe came to nothing that tells anything. */
    void giveBack() {
        probeEnds = null;
    }

    /** It works again. An answer that was under way before it was kept out for good reason does not count. */
    void succeeded(Instant now) {
        State state = state(now);
        boolean waiting = state == State.COOLING || state == State.OUT;
        if (cause == null || !waiting || cause.soft()) {
            clear();
        }
    }

    /** What keeps it out for one of these reasons does so no longer. */
    void lift(Set<Kind> kinds) {
        if (cause != null && kinds.contains(cause.kind())) {
            clear();
        }
    }

    private void clear() {
        cause = null;
        until = null;
        probeEnds = null;
        troubles = 0;
    }

    void failed(Verdict verdict, Instant now) {
        State state = state(now);
        if (state == State.COOLING && cause != null && until != null) {
            meanwhile(verdict, cause, until, now);
        } else if (state != State.OUT) {
            begin(verdict, now);
        }
        probeEnds = null;
    }

    private void begin(Verdict verdict, Instant now) {
        if (verdict.kind().grows()) {
            troubles = Math.min(troubles + 1, MOST_DOUBLINGS);
        }
        boolean rechecked = cause != null && cause.lasting() && verdict.lasting();
        until = rechecked ? null : end(verdict, now);
        cause = verdict;
    }

    /**
     * Requests that were under way together meet the same trouble together, and it counts once. What is worse replaces what
     * is less bad, and a time that the upstream states is kept if it is the later.
     */
    private void meanwhile(Verdict verdict, Verdict known, Instant knownEnd, Instant now) {
        int worse = Weight.of(verdict).compareTo(Weight.of(known));
        Instant end = end(verdict, now);
        boolean statedLater = verdict.until() != null && end.isAfter(knownEnd);
        if (worse > 0 || worse == 0 && statedLater) {
            until = end;
            cause = verdict;
        }
    }

    private Instant end(Verdict verdict, Instant now) {
        if (verdict.lasting()) {
            return now.plus(RECHECK);
        }
        if (momentary(verdict)) {
            return now.plus(MOMENT);
        }
        Instant own = verdict.kind().grows() ? now.plus(grown(verdict.kind())) : now;
        Instant stated = verdict.until();
        return stated != null && stated.isAfter(own) ? stated : own;
    }

    private Duration grown(Kind kind) {
        Duration grown = FIRST.multipliedBy(1L << Math.max(0, troubles - 1));
        return grown.compareTo(kind.longest()) > 0 ? kind.longest() : grown;
    }

    /** How much it takes to bring something back, which decides between two verdicts. */
    private enum Weight {
        MOMENTARY,
        SOFT,
        HARD,
        LASTING;

        static Weight of(Verdict verdict) {
            if (verdict.lasting()) {
                return LASTING;
            }
            return momentary(verdict) ? MOMENTARY : verdict.soft() ? SOFT : HARD;
        }
    }

    private static boolean momentary(Verdict verdict) {
        return verdict.kind() == Kind.TRANSIENT_THROTTLE && verdict.until() == null;
    }
}
