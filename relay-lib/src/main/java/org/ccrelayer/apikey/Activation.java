package org.ccrelayer.apikey;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key's life that begins with its first use instead of its issue. Immutable.
 *
 * @param length how many units it lives from then on; 0 means that it has no such life
 * @param unit what is counted
 * @param activatedAt its first use; null where it was not used yet
 */
public record Activation(int length, Unit unit, @Nullable Instant activatedAt) {
    /** No such life. */
    public static final Activation NONE = new Activation(0, null);

    /** What a life is counted in. */
    public enum Unit {
        /** 24 hours each. */
        DAYS,
        /** 60 minutes each. */
        HOURS
    }

    public Activation {
        requireNonNull(unit, "unit");
        if (length < 0) {
            throw new IllegalArgumentException("activationDays must not be negative");
        }
    }

    /** A life of days. */
    public Activation(int days, @Nullable Instant activatedAt) {
        this(days, Unit.DAYS, activatedAt);
    }

    /** How many days it lives; 0 where it is counted otherwise. */
    public int days() {
        return unit == Unit.DAYS ? length : 0;
    }

    /** How many hours it lives; 0 where it is counted otherwise. */
    public int hours() {
        return unit == Unit.HOURS ? length : 0;
    }

    /** Whether the first use is still to come and counts. */
    public boolean pending() {
        return length > 0 && activatedAt == null;
    }

    /** When the life ends that begins at {@code firstUse}. */
    public Instant expiryFrom(Instant firstUse) {
        return firstUse.plus(unit == Unit.DAYS ? Duration.ofDays(length) : Duration.ofHours(length));
    }

    /** The same, begun at {@code firstUse}. */
    public Activation begunAt(Instant firstUse) {
        return new Activation(length, unit, firstUse);
    }
}
