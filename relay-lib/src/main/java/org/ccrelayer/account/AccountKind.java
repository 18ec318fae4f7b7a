package org.ccrelayer.account;

import java.util.Optional;

/** What kind of credential an account holds. */
public enum AccountKind {
    /** A Console API key, sent as {@code x-api-key}. */
    API_KEY("api-key");

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
