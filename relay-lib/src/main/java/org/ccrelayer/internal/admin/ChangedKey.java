package org.ccrelayer.internal.admin;

import java.time.Instant;
import org.ccrelayer.admin.KeyChange;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.KeyRouting;
import org.jspecify.annotations.Nullable;

/** What a change makes of a relay key; it does not check anything. Stateless. */
final class ChangedKey {
    private ChangedKey() {}

    /** The key with those limits, that routing and everything else as the change says. */
    static ApiKey of(ApiKey old, KeyLimits limits, KeyRouting routing, KeyChange change) {
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
                activation(old.activation(), change.activationDays()),
                routing,
                old.access());
    }

    /** Without days there is nothing to remember: days that are set later count from the next use. */
    private static Activation activation(Activation old, @Nullable Integer days) {
        if (days == null) {
            return old;
        }
        return days == 0 ? Activation.NONE : new Activation(days, old.activatedAt());
    }

    private static @Nullable Instant expiresAt(ApiKey old, KeyChange change) {
        Instant given = change.expiresAt();
        if (given != null) {
            return given.equals(KeyChange.NEVER) ? null : given;
        }
        Instant firstUse = old.activation().activatedAt();
        Integer days = change.activationDays();
        if (firstUse == null || days == null || new Activation(days, firstUse).equals(old.activation())) {
            return old.expiresAt();
        }
        return earlier(ownExpiry(old, firstUse), days == 0 ? null : new Activation(days, null).expiryFrom(firstUse));
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
