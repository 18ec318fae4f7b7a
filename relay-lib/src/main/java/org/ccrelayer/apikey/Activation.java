package org.ccrelayer.apikey;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key's life that begins with its first use instead of its issue. Immutable.
 *
 * @param days how long it lives from then on; 0 means that it has no such life
 * @param activatedAt its first use; null where it was not used yet
 */
public record Activation(int days, @Nullable Instant activatedAt) {
    /** No such life. */
    public static final Activation NONE = new Activation(0, null);

    public Activation {
        if (days < 0) {
            throw new IllegalArgumentException("activationDays must not be negative");
        }
    }

    /** Whether the first use is still to come and counts. */
    public boolean pending() {
        return days > 0 && activatedAt == null;
    }

    /** When the life ends that begins at {@code firstUse}. */
    public Instant expiryFrom(Instant firstUse) {
        return firstUse.plus(Duration.ofDays(days));
    }
}
