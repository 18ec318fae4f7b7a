package org.ccrelayer.account;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A token that somebody else issued and renews, sent as it is.
 *
 * @param token the token
 * @param header the field it is sent in
 */
public record BearerCredential(Secret token, AuthHeader header) implements AccountCredential {
    public BearerCredential {
        requireNonNull(token, "token");
        requireNonNull(header, "header");
    }

    /** A token that is sent as {@code authorization: Bearer}. */
    public BearerCredential(Secret token) {
        this(token, AuthHeader.BEARER);
    }

    @Override
    public AccountKind kind() {
        return AccountKind.BEARER;
    }

    @Override
    public List<Secret> secrets() {
        return List.of(token);
    }
}
