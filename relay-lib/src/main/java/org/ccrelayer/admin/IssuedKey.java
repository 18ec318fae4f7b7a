package org.ccrelayer.admin;

import static java.util.Objects.requireNonNull;

import org.ccrelayer.account.Secret;
import org.ccrelayer.apikey.ApiKey;

/**
 * A relay key that was just issued.
 *
 * @param key what is kept of it
 * @param secret the key itself, which cannot be read again
 */
public record IssuedKey(ApiKey key, Secret secret) {
    public IssuedKey {
        requireNonNull(key, "key");
        requireNonNull(secret, "secret");
    }
}
