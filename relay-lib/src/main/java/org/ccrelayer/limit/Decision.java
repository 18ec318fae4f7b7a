package org.ccrelayer.limit;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What became of a claim. */
public sealed interface Decision {
    /**
     * The exchange was let in; its lease runs.
     *
     * @param at when, by the store's clock
     * @param shadowed what a budget would have refused it for, were it not in shadow mode; null where nothing
     */
    record Granted(Instant at, @Nullable Refusal shadowed) implements Decision {
        public Granted {
            requireNonNull(at, "at");
        }
    }

    /**
     * The exchange was not let in; it holds nothing and counts for nothing.
     *
     * @param refusal why
     */
    record Refused(Refusal refusal) implements Decision {
        public Refused {
            requireNonNull(refusal, "refusal");
        }
    }
}
