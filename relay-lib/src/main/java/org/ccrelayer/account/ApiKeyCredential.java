package org.ccrelayer.account;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A key that the upstream issued, sent as it is.
 *
 * @param key the key
 * @param header the field it is sent in
 */
public record ApiKeyCredential(Secret key, AuthHeader header) implements AccountCredential {
    public ApiKeyCredential {
        requireNonNull(key, "key");
        requireNonNull(header, "header");
    }

    /** A key that is sent as {@code x-api-key}. */
    public ApiKeyCredential(Secret key) {
        this(key, AuthHeader.X_API_KEY);
    }

    @Override
    public AccountKind kind() {
        return AccountKind.API_KEY;
    }

    @Override
    public List<Secret> secrets() {
        return List.of(key);
    }
}
