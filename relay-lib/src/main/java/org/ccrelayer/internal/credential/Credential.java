package org.ccrelayer.internal.credential;

import static java.util.Objects.requireNonNull;

import org.ccrelayer.account.AuthHeader;
import org.ccrelayer.account.Secret;

/**
 * A secret and the header field it is presented in. Immutable; prints no secret.
 *
 * @param header the field's name
 * @param value the field's value
 * @param secret the secret within the value
 * @param renewable whether the relay obtained it, and can obtain another one where it is refused
 */
public record Credential(String header, Secret value, Secret secret, boolean renewable) {
    public Credential {
        requireNonNull(header, "header");
        requireNonNull(value, "value");
        requireNonNull(secret, "secret");
    }

    /** A secret of the operator's. */
    public static Credential of(Secret secret, AuthHeader header) {
        return switch (header) {
            case X_API_KEY -> new Credential("x-api-key", secret, secret, false);
            case BEARER -> bearer(secret, false);
        };
    }

    /** A token that the relay obtained. */
    public static Credential ofToken(Secret token) {
        return bearer(token, true);
    }

    private static Credential bearer(Secret secret, boolean renewable) {
        return new Credential("authorization", Secret.of("Bearer " + secret.reveal()), secret, renewable);
    }
}
