package org.ccrelayer.internal.routing;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ccrelayer.account.Account;
import org.jspecify.annotations.Nullable;

/**
 * Which account serves a request, and why no other does. Immutable.
 *
 * @param chosen the account; empty where none can serve
 * @param lastResort whether it was chosen although it cools, since all others do as well
 * @param leftOut every other account's id with the reason
 */
public record Route(Optional<Account> chosen, boolean lastResort, Map<String, LeftOut> leftOut) {
    /** Why an account was not chosen. */
    public enum Reason {
        /** The operator took it out. */
        DISABLED,
        /** What was agreed for it has ended, such as a subscription. */
        ENDED,
        /** It serves other keys, or the request must go to another one. */
        PINNED_ELSEWHERE,
        /** It may not serve the model. */
        MODEL,
        /** It was tried for this request already. */
        TRIED,
        /** Its credential could not be decrypted. */
        CREDENTIAL_UNREADABLE,
        /** Its credential is refused, or its organization is disabled. */
        CREDENTIAL_BROKEN,
        /** It waits for a time. */
        COOLING,
        /** The model's family waits for a time on it. */
        FAMILY_LIMITED,
        /** Another request is trying whether it is back. */
        PROBING,
        /** The upstream warned of its window, and it rests until that ends; or somebody who shares the store has it rest. */
        RESTING,
        /** It has cost as much as it may in a day, and rests until the next one begins. */
        QUOTA,
        /** As many requests run on it as may. */
        CONCURRENCY_FULL,
        /** Another one is served first. */
        PRIORITY,
        /** Another one was used longer ago, or the session is with another one. */
        RECENTLY_USED
    }

    /**
     * Why an account was not chosen, and for how long.
     *
     * @param reason why
     * @param until when that may change by itself; null where nobody can tell
     */
    public record LeftOut(Reason reason, @Nullable Instant until) {
        public LeftOut {
            requireNonNull(reason, "reason");
        }
    }

    public Route {
        requireNonNull(chosen, "chosen");
        leftOut = Map.copyOf(leftOut);
    }

    /** When the first account comes back that only waits; empty where waiting does not help. */
    public Optional<Instant> soonestBack() {
        return leftOut.values().stream()
                .flatMap(left -> Stream.ofNullable(left.until()))
                .min(Instant::compareTo);
    }

    /** Whether an account rests until its window ends. */
    public boolean resting() {
        return leftOut.values().stream().anyMatch(left -> left.reason() == Reason.RESTING);
    }

    /** Whether an account would serve if fewer requests ran on it. */
    public boolean full() {
        return leftOut.values().stream()
                .anyMatch(left -> left.reason() == Reason.CONCURRENCY_FULL || left.reason() == Reason.PROBING);
    }
}
