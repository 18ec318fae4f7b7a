package org.ccrelayer.internal.admin;

import java.time.Instant;
import org.ccrelayer.admin.KeyChange;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyAccess;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.KeyRouting;
import org.jspecify.annotations.Nullable;

/**
 * What a change makes of a relay key; it does not check anything. Immutable.
 *
 * @param limits the limits after the change
 * @param routing the routing after the change
 * @param access what the key is for after the change
 */
record ChangedKey(KeyLimits limits, KeyRouting routing, KeyAccess access) {
    /** The key with these, and everything else as the change says. */
    ApiKey of(ApiKey old, KeyChange change) {
        String name = change.name();
        Boolean enabled = change.enabled();
        return new ApiKey(
                old.id(),
                name == null ? old.name() : name,
                old.hash(),
                enabled == null ? old.enabled() : enabled,
                limits,
                old.createdAt(),
                expiresAt(old, change),
                activation(old.activation(), change),
                routing,
                access);
    }

    /** Without a length there is nothing to remember: one that is set later counts from the next use. */
    private static Activation activation(Activation old, KeyChange change) {
        Activation length = length(change);
        if (length == null) {
            return old;
        }
        return length.length() == 0
                ? Activation.NONE
                : new Activation(length.length(), length.unit(), old.activatedAt());
    }

    /** How long the key is to live from its first use on; null where the change does not say. */
    private static @Nullable Activation length(KeyChange change) {
        Integer days = change.activationDays();
        Integer hours = change.activationHours();
        if (hours != null && hours > 0) {
            return new Activation(hours, Activation.Unit.HOURS, null);
        }
        return days == null && hours == null ? null : new Activation(days == null ? 0 : days, null);
    }

    private static @Nullable Instant expiresAt(ApiKey old, KeyChange change) {
        Instant given = change.expiresAt();
        if (given != null) {
            return given.equals(KeyChange.NEVER) ? null : given;
        }
        Instant firstUse = old.activation().activatedAt();
        Activation length = length(change);
        if (firstUse == null || length == null || length.begunAt(firstUse).equals(old.activation())) {
            return old.expiresAt();
        }
        return earlier(ownExpiry(old, firstUse), length.length() == 0 ? null : length.expiryFrom(firstUse));
    }

    /** The end that was set, rather than followed from the first use. */
    private static @Nullable Instant ownExpiry(ApiKey old, Instant firstUse) {
        Instant followed = old.activation().expiryFrom(firstUse);
        return followed.equals(old.expiresAt()) ? null : old.expiresAt();
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }
}
