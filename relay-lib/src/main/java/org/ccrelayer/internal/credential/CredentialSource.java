package org.ccrelayer.internal.credential;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountCredential;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.BearerCredential;

/** Knows how each kind of account presents its secret. Safe for concurrent use; may block on the store. */
public final class CredentialSource {
    private final TokenRefresher tokens;

    /** Has tokens obtained by {@code tokens}. */
    public CredentialSource(TokenRefresher tokens) {
        this.tokens = requireNonNull(tokens, "tokens");
    }

    /**
     * The credential that requests of this account carry now. It is there at once unless a token must be obtained first; then no
     * thread is held. Where none can be obtained the stage fails with a {@link NoTokenException}.
     */
    public CompletionStage<Credential> of(Account account) {
        AccountCredential credential = account.credential();
        if (credential instanceof ApiKeyCredential known) {
            return CompletableFuture.completedStage(Credential.of(known.key(), known.header()));
        }
        if (credential instanceof BearerCredential known) {
            return CompletableFuture.completedStage(Credential.of(known.token(), known.header()));
        }
        return tokens.token(account).thenApply(Credential::ofToken);
    }

    /** The upstream refused a token; no further request carries it. */
    public void refused(Account account, Credential credential) {
        if (credential.renewable()) {
            tokens.refused(account, credential.secret());
        }
    }
}
