package org.ccrelayer.account;

import java.util.List;

/** What an account proves its right with: a secret that is sent as it is, or what tokens are obtained with. Immutable. */
public sealed interface AccountCredential
        permits ApiKeyCredential, BearerCredential, OAuthCredential, FederationCredential {
    /** What kind it is. */
    AccountKind kind();

    /** Every secret text in it, none of which may ever be seen. */
    List<Secret> secrets();
}
