package org.ccrelayer.internal.credential;

import org.ccrelayer.account.Account;

/** Knows how each kind of account presents its secret. Safe for concurrent use. */
public final class CredentialSource {
    private static final String API_KEY_HEADER = "x-api-key";

    /** The credential that requests of this account carry now. */
    public Credential of(Account account) {
        return switch (account.kind()) {
            case API_KEY -> new Credential(API_KEY_HEADER, account.apiKey());
        };
    }
}
