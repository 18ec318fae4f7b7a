package org.ccrelayer.internal.credential;

import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountCredential;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.AuthHeader;
import org.ccrelayer.account.BearerCredential;
import org.ccrelayer.account.Secret;

/** Knows how each kind of account presents its secret. Safe for concurrent use. */
public final class CredentialSource {
    private static final String API_KEY_HEADER = "x-api-key";

    /** The credential that requests of this account carry now. */
    public Credential of(Account account) {
        AccountCredential credential = account.credential();
        if (credential instanceof ApiKeyCredential known) {
            return of(known.key(), known.header());
        }
        if (credential instanceof BearerCredential known) {
            return of(known.token(), known.header());
        }
        throw new IllegalStateException("accounts of this kind have no token yet");
    }

    private static Credential of(Secret secret, AuthHeader header) {
        return switch (header) {
            case X_API_KEY -> new Credential(API_KEY_HEADER, secret);
            case BEARER -> new Credential("authorization", Secret.of("Bearer " + secret.reveal()));
        };
    }
}
