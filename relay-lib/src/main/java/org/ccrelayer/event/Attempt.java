package org.ccrelayer.event;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.OptionalInt;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.usage.UsageRecord;

/**
 * One try at one account. Immutable; holds no secret and no prompt text.
 *
 * @param row the ledger row of the try
 * @param status the upstream's status; empty where it gave none
 * @param outcome how the try ended
 * @param reason one word or two for people, such as {@code connect failed}
 * @param duration from its beginning to its end
 */
public record Attempt(UsageRecord row, OptionalInt status, Outcome outcome, String reason, Duration duration) {
    public Attempt {
        requireNonNull(row, "row");
        requireNonNull(status, "status");
        requireNonNull(outcome, "outcome");
        requireNonNull(reason, "reason");
        requireNonNull(duration, "duration");
    }
}
