package org.ccrelayer.account;

import java.util.Optional;

/** The header field that a credential is presented in. */
public enum AuthHeader {
    /** {@code x-api-key: <secret>}. */
    X_API_KEY("x-api-key"),
    /** {@code authorization: Bearer <secret>} (RFC 6750). */
    BEARER("bearer");

    private final String id;

    AuthHeader(String id) {
        this.id = id;
    }

    /** The name used in the administration API. */
    public String id() {
        return id;
    }

    /** The header with that name, if there is one. */
    public static Optional<AuthHeader> byId(String id) {
        for (AuthHeader header : values()) {
            if (header.id.equals(id)) {
                return Optional.of(header);
            }
        }
        return Optional.empty();
    }
}
