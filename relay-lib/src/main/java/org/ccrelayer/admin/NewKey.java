package org.ccrelayer.admin;

import java.time.Instant;
import org.ccrelayer.apikey.KeyAccess;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.KeyRouting;
import org.jspecify.annotations.Nullable;

/**
 * A relay key to be issued. Checked when it is issued, so that every problem is told at once.
 *
 * @param name 1 to 100 characters
 * @param limits what it may do
 * @param expiresAt from when on it is refused; null means never
 * @param activationDays days it lives from its first use on, 0 to 3650; 0 means that its first use changes nothing. With
 *     {@code expiresAt} the earlier end counts
 * @param activationHours the same in hours, 0 to 87600; not together with {@code activationDays}
 * @param routing where its requests may go
 * @param access what it is for
 */
public record NewKey(
        String name,
        KeyLimits limits,
        @Nullable Instant expiresAt,
        int activationDays,
        int activationHours,
        KeyRouting routing,
        KeyAccess access) {
    /** A key for everything and everybody. */
    public NewKey(String name, KeyLimits limits, @Nullable Instant expiresAt, int activationDays, KeyRouting routing) {
        this(name, limits, expiresAt, activationDays, 0, routing, KeyAccess.ALL);
    }

    /** A key whose requests may go to any shared account. */
    public NewKey(String name, KeyLimits limits, @Nullable Instant expiresAt, int activationDays) {
        this(name, limits, expiresAt, activationDays, KeyRouting.ANY);
    }

    /** A key without limits. */
    public static NewKey named(String name) {
        return new NewKey(name, KeyLimits.NONE, null, 0);
    }

    /** The same with other limits. */
    public NewKey withLimits(KeyLimits other) {
        return new NewKey(name, other, expiresAt, activationDays, activationHours, routing, access);
    }

    /** The same for something else. */
    public NewKey withAccess(KeyAccess other) {
        return new NewKey(name, limits, expiresAt, activationDays, activationHours, routing, other);
    }
}
