package org.ccrelayer.account;

import java.util.Optional;

/** What kind of credential an account holds. */
public enum AccountKind {
    /** A key that the upstream issued. */
    API_KEY("api-key"),
    /** A token that somebody else issued and renews. */
    BEARER("bearer"),
    /** A token that the relay obtains from a token endpoint (RFC 6749). */
    OAUTH("oauth"),
    /** A token that the relay obtains for an assertion of the operator's identity provider (RFC 7523). */
    FEDERATION("federation");

    private final String id;

    AccountKind(String id) {
        this.id = id;
    }

    /** The name used in configuration and in the administration API. */
    public String id() {
        return id;
    }

    /** The kind with that name, if there is one. */
    public static Optional<AccountKind> byId(String id) {
        for (AccountKind kind : values()) {
            if (kind.id.equals(id)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
