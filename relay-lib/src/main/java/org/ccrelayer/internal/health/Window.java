package org.ccrelayer.internal.health;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How much of a window an account has used, as its upstream tells. Immutable.
 *
 * @param status what the upstream says of it; null where it does not
 * @param resetsAt when it begins anew; null where that was not said
 * @param utilization the used part, 0 to 1; null where that was not said
 */
public record Window(
        @Nullable Status status,
        @Nullable Instant resetsAt,
        @Nullable Double utilization) {
    /** From this part on a window is nearly used up. */
    static final double NEARLY = 0.9;

    /** What upstreams say of a window. */
    public enum Status {
        /** There is room. */
        ALLOWED,
        /** There is little room. */
        ALLOWED_WARNING,
        /** There is none. */
        REJECTED;

        static Optional<Status> of(@Nullable String text) {
            for (Status status : values()) {
                if (status.id().equals(text)) {
                    return Optional.of(status);
                }
            }
            return Optional.empty();
        }

        /** As upstreams write it. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Window {
        if (utilization != null && !(utilization >= 0 && utilization <= 1)) {
            throw new IllegalArgumentException("utilization: must be 0 to 1");
        }
    }

    /** Whether something was said of it at all. */
    boolean told() {
        return status != null || resetsAt != null || utilization != null;
    }

    /** Whether the upstream warns, or has gone further than that. */
    public boolean warning() {
        return status == Status.ALLOWED_WARNING || status == Status.REJECTED;
    }

    /** Whether it should be left for last. */
    public boolean nearlyUsedUp() {
        return warning() || utilization != null && utilization >= NEARLY;
    }
}
