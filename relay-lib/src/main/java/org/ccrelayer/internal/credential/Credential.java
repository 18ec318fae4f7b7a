package org.ccrelayer.internal.credential;

import static java.util.Objects.requireNonNull;

import org.ccrelayer.account.Secret;

/**
 * A secret and the header field it is presented in. Immutable; prints no secret.
 *
 * @param header the field's name
 * @param value the field's value
 */
public record Credential(String header, Secret value) {
    public Credential {
        requireNonNull(header, "header");
        requireNonNull(value, "value");
    }
}
