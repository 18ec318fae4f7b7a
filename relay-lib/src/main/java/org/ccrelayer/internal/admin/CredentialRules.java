package org.ccrelayer.internal.admin;

import java.util.Optional;
import org.ccrelayer.account.AccountCredential;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.BearerCredential;
import org.ccrelayer.account.FederationCredential;
import org.ccrelayer.account.OAuthCredential;

/** Which credentials an account may have. Stateless. */
final class CredentialRules {
    private CredentialRules() {}

    /** Notes what is wrong with a credential. */
    static void check(AccountCredential credential, Problems problems) {
        if (credential instanceof ApiKeyCredential known) {
            problems.add("apiKey", FieldRules.credential(known.key().reveal()));
        } else if (credential instanceof BearerCredential known) {
            problems.add("token", FieldRules.credential(known.token().reveal()));
        } else if (credential instanceof OAuthCredential || credential instanceof FederationCredential) {
            problems.add("kind", Optional.of("is not served yet"));
        }
    }
}
