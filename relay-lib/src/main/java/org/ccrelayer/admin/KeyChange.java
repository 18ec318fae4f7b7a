package org.ccrelayer.admin;

import java.time.Instant;
import java.util.function.UnaryOperator;
import org.ccrelayer.apikey.KeyAccess;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.KeyRouting;
import org.jspecify.annotations.Nullable;

/**
 * What to change of a relay key; null leaves a field as it is.
 *
 * @param name 1 to 100 characters
 * @param enabled whether it may be used
 * @param limits makes the new limits of those that the key has; it runs within the store's change and must not block
 * @param expiresAt from when on it is refused; {@link #NEVER} takes an end away
 * @param activationDays days it lives from its first use on, 0 to 3650. For a key whose first use was counted the end that
 *     followed from it moves along, and 0 takes it away; an end that was set by {@code expiresAt} stays
 * @param activationHours the same in hours, 0 to 87600; at most one of the two is above 0, which takes the place of what was before
 * @param routing makes the new routing of the one that the key has; as {@code limits}
 * @param access makes what it is for of what it was for; as {@code limits}
 */
public record KeyChange(
        @Nullable String name,
        @Nullable Boolean enabled,
        @Nullable UnaryOperator<KeyLimits> limits,
        @Nullable Instant expiresAt,
        @Nullable Integer activationDays,
        @Nullable Integer activationHours,
        @Nullable UnaryOperator<KeyRouting> routing,
        @Nullable UnaryOperator<KeyAccess> access) {
    /** The end of a key that has none. */
    public static final Instant NEVER = Instant.MAX;

    /** A change that leaves what the key is for. */
    public KeyChange(
            @Nullable String name,
            @Nullable Boolean enabled,
            @Nullable UnaryOperator<KeyLimits> limits,
            @Nullable Instant expiresAt,
            @Nullable Integer activationDays,
            @Nullable UnaryOperator<KeyRouting> routing) {
        this(name, enabled, limits, expiresAt, activationDays, null, routing, null);
    }

    /** A change that leaves the routing. */
    public KeyChange(
            @Nullable String name,
            @Nullable Boolean enabled,
            @Nullable UnaryOperator<KeyLimits> limits,
            @Nullable Instant expiresAt,
            @Nullable Integer activationDays) {
        this(name, enabled, limits, expiresAt, activationDays, null);
    }

    /** Enables or disables it. */
    public static KeyChange ofEnabled(boolean enabled) {
        return new KeyChange(null, enabled, null, null, null);
    }

    /** Changes its limits. */
    public static KeyChange ofLimits(UnaryOperator<KeyLimits> limits) {
        return new KeyChange(null, null, limits, null, null);
    }

    /** Changes what it is for. */
    public static KeyChange ofAccess(UnaryOperator<KeyAccess> access) {
        return new KeyChange(null, null, null, null, null, null, null, access);
    }

    /** Changes its routing. */
    public static KeyChange ofRouting(UnaryOperator<KeyRouting> routing) {
        return new KeyChange(null, null, null, null, null, routing);
    }
}
