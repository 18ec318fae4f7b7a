package org.ccrelayer.store;

import static java.util.Objects.requireNonNull;

/**
 * Where a secret is kept, and what kind of text belongs there. Immutable.
 *
 * @param path the record and the field, such as {@code account/ID/apiKey}; no two places share it and it never changes
 * @param kind what the text looks like
 */
public record SecretPlace(String path, SecretKind kind) {
    public SecretPlace {
        requireNonNull(path, "path");
        requireNonNull(kind, "kind");
    }

    /** The place of an API key. */
    public static SecretPlace apiKey(String path) {
        return new SecretPlace(path, SecretKind.API_KEY);
    }

    /** The place of a token. */
    public static SecretPlace token(String path) {
        return new SecretPlace(path, SecretKind.TOKEN);
    }

    /** The place of a refresh token. */
    public static SecretPlace refreshToken(String path) {
        return new SecretPlace(path, SecretKind.REFRESH_TOKEN);
    }

    /** The place of any other text. */
    public static SecretPlace text(String path) {
        return new SecretPlace(path, SecretKind.TEXT);
    }
}
