package org.ccrelayer.internal.admin;

import java.time.Instant;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountCredential;
import org.ccrelayer.account.AccountKind;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.BearerCredential;
import org.ccrelayer.account.FederationCredential;
import org.ccrelayer.account.FederationCredential.Assertion;
import org.ccrelayer.account.FederationCredential.Assertion.Place;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.TokenStatus;
import org.ccrelayer.internal.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What is shown of credentials: everything but the secrets, of which it is only said whether they are there. Stateless. */
final class CredentialJson {
    private CredentialJson() {}

    static void add(JsonObject.Builder json, Account account, TokenStatus token) {
        AccountCredential credential = account.credential();
        json.with("hasApiKey", account.kind() == AccountKind.API_KEY && account.hasReadableCredential());
        if (credential instanceof ApiKeyCredential known) {
            json.with("authHeader", known.header().id());
        } else if (credential instanceof BearerCredential known) {
            json.with("hasToken", true).with("authHeader", known.header().id());
        } else if (credential instanceof OAuthCredential known) {
            oauth(json, known);
            json.with("token", json(token));
        } else if (credential instanceof FederationCredential known) {
            federation(json, known);
            json.with("token", json(token));
        }
    }

    private static void oauth(JsonObject.Builder json, OAuthCredential credential) {
        json.with("tokenUrl", credential.tokenUrl().toString())
                .with("clientId", credential.clientId())
                .with("hasClientSecret", credential.clientSecret() != null)
                .with("hasRefreshToken", credential.refreshToken() != null)
                .with("scope", credential.scope());
    }

    private static void federation(JsonObject.Builder json, FederationCredential credential) {
        Assertion assertion = credential.assertion();
        json.with(
                        "tokenUrl",
                        credential.tokenUrl() == null
                                ? null
                                : credential.tokenUrl().toString())
                .with("federationRuleId", credential.ruleId())
                .with("organizationId", credential.organizationId())
                .with("serviceAccountId", credential.serviceAccountId())
                .with("workspaceId", credential.workspaceId())
                .with("assertionFile", assertion.place() == Place.FILE ? assertion.name() : null)
                .with("assertionEnv", assertion.place() == Place.ENVIRONMENT ? assertion.name() : null);
    }

    static JsonObject json(TokenStatus token) {
        return JsonObject.empty()
                .with("expiresAt", text(token.expiresAt()))
                .with("refreshedAt", text(token.refreshedAt()))
                .with("problem", token.problem());
    }

    private static @Nullable String text(@Nullable Instant moment) {
        return moment == null ? null : moment.toString();
    }
}
