package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.jspecify.annotations.Nullable;

/**
 * What the tries of an exchange came to, and what its client is told of them where none was answered: the last 429 with the
 * soonest time that a 429 named; else what was refused last; else that nobody could serve it. Driven by one thread at a time.
 */
final class Setbacks {
    private @Nullable Setback latest;
    private @Nullable Setback telling;
    private @Nullable Instant soonest;

    /** A try came to that. */
    void add(Setback setback) {
        latest = setback;
        int more = telling == null ? 1 : setback.weight().compareTo(telling.weight());
        if (more >= 0) {
            telling = setback;
            soonest = more > 0 ? setback.back() : sooner(soonest, setback.back());
        }
    }

    /** Whether no try failed so far. */
    boolean isEmpty() {
        return latest == null;
    }

    /** What the last try came to; there must be one. */
    Setback latest() {
        return requireNonNull(latest, "nothing was tried");
    }

    /**
     * What the client is told; there must be something.
     *
     * @param accounts how many accounts were tried
     * @param othersBack when the first of the accounts that were not tried is back; null where nobody knows
     */
    Setback told(int accounts, @Nullable Instant othersBack, Instant now) {
        Setback most = requireNonNull(telling, "nothing was tried");
        return switch (most.weight()) {
            case THROTTLE -> most.backAt(soonest, now);
            case REFUSAL, TIME_OUT -> most;
            case TROUBLE -> accounts < 2 ? most : noneCould(accounts, latest(), sooner(soonest, othersBack), now);
        };
    }

    /** One account's trouble is told in its own words; that of several in none of theirs, since any may have another. */
    private static Setback noneCould(int accounts, Setback last, @Nullable Instant back, Instant now) {
        String words = "None of the " + accounts
                + " upstream accounts that were tried could serve the request; the last one " + last.words() + ".";
        if (back == null) {
            return new Setback.Failed(new RelayException(Outcome.NO_ACCOUNT, words + " Try again later."));
        }
        Duration wait = Setback.wait(back, now);
        return new Setback.Failed(
                new RelayException(Outcome.ACCOUNTS_BUSY, words + " Try again in " + wait.toSeconds() + " s.")
                        .retryAfter(wait));
    }

    private static @Nullable Instant sooner(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }
}
