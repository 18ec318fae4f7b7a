package org.ccrelayer.apikey;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A relay key as it is kept: its hash, never the key itself. Immutable.
 *
 * @param id the relay's own id
 * @param name for people, 1 to 100 characters
 * @param hash lower-case hexadecimal SHA-256 of the key and the pepper
 * @param enabled whether it may be used
 * @param limits what it may do
 * @param createdAt when it was issued
 * @param expiresAt from when on it is refused; null means never
 * @param activation its life from the first use on
 * @param routing where its requests may go
 * @param access what it is for
 */
public record ApiKey(
        String id,
        String name,
        String hash,
        boolean enabled,
        KeyLimits limits,
        Instant createdAt,
        @Nullable Instant expiresAt,
        Activation activation,
        KeyRouting routing,
        KeyAccess access) {
    public ApiKey {
        requireNonNull(id, "id");
        requireNonNull(name, "name");
        requireNonNull(hash, "hash");
        requireNonNull(limits, "limits");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(activation, "activation");
        requireNonNull(routing, "routing");
        requireNonNull(access, "access");
    }

    /** A key for everything and everybody. */
    public ApiKey(
            String id,
            String name,
            String hash,
            boolean enabled,
            KeyLimits limits,
            Instant createdAt,
            @Nullable Instant expiresAt,
            Activation activation,
            KeyRouting routing) {
        this(id, name, hash, enabled, limits, createdAt, expiresAt, activation, routing, KeyAccess.ALL);
    }

    /** A key whose requests may go to any shared account. */
    public ApiKey(
            String id,
            String name,
            String hash,
            boolean enabled,
            KeyLimits limits,
            Instant createdAt,
            @Nullable Instant expiresAt,
            Activation activation) {
        this(id, name, hash, enabled, limits, createdAt, expiresAt, activation, KeyRouting.ANY);
    }

    /** Whether it may be used at {@code now}. */
    public boolean usableAt(Instant now) {
        return enabled && (expiresAt == null || now.isBefore(expiresAt));
    }

    /** The key after its first use at {@code now}; it keeps an earlier expiry, and is unchanged where nothing is pending. */
    public ApiKey activatedAt(Instant now) {
        if (!activation.pending()) {
            return this;
        }
        Instant end = activation.expiryFrom(now);
        Instant earlier = expiresAt != null && expiresAt.isBefore(end) ? expiresAt : end;
        return new ApiKey(
                id, name, hash, enabled, limits, createdAt, earlier, activation.begunAt(now), routing, access);
    }

    @Override
    public String toString() {
        return "ApiKey[id=" + id + ", name=" + name + ", enabled=" + enabled + "]";
    }
}
