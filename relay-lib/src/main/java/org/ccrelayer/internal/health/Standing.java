package org.ccrelayer.internal.health;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether something may be used at one moment: an account, a family on it, or both together. Immutable.
 *
 * @param state whether it may
 * @param kind why not; null where nothing is wrong
 * @param until when it may be asked again; null where nothing is wrong, and where only an operator can help
 * @param soft whether it may be used all the same when nothing better is there
 * @param reason in a few words, for people; empty where nothing is wrong
 */
public record Standing(
        State state, Verdict.@Nullable Kind kind, @Nullable Instant until, boolean soft, String reason) {
    /** Nothing is wrong. */
    static final Standing IN = new Standing(State.IN, null, null, true, "");

    private static final Comparator<Standing> SEVERITY = Comparator.comparing((Standing standing) -> !standing.soft())
            .thenComparing(Standing::state)
            .thenComparing(standing -> standing.until() == null ? Instant.MIN : standing.until());

    /** Whether something may be used, the worse the later. */
    public enum State {
        /** It may be used. */
        IN,
        /** Its time has come, and one request may try. */
        HALF_OPEN,
        /** One request is trying. */
        PROBING,
        /** It waits for a time. */
        COOLING,
        /** It waits for an operator. */
        OUT
    }

    public Standing {
        requireNonNull(state, "state");
        requireNonNull(reason, "reason");
    }

    /** Whether it may be chosen like any other; a probe must then be taken before it is used. */
    public boolean open() {
        return state == State.IN || state == State.HALF_OPEN;
    }

    /** Whether both are kept out for the same reason and until the same time, or neither is. */
    boolean sameRest(Standing other) {
        return open() == other.open() && Objects.equals(until, other.until()) && kind == other.kind();
    }

    /** The worse of both; soft only if both are. */
    Standing and(Standing other) {
        if (open() != other.open()) {
            return open() ? other : this;
        }
        return SEVERITY.compare(this, other) >= 0 ? this : other;
    }
}
