package org.ccrelayer.internal.store.embedded;

import static org.ccrelayer.internal.store.embedded.RecordFormat.text;

import java.net.URI;
import java.util.List;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountCredential;
import org.ccrelayer.account.AccountKind;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.AuthHeader;
import org.ccrelayer.account.BearerCredential;
import org.ccrelayer.account.FederationCredential;
import org.ccrelayer.account.FederationCredential.Assertion;
import org.ccrelayer.account.FederationCredential.Assertion.Place;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.store.SecretCipher;
import org.ccrelayer.store.SecretPlace;
import org.jspecify.annotations.Nullable;

/** The credential of an account as members of the account's JSON, each secret sealed for its place. Safe for concurrent use. */
final class CredentialFormat {
    private static final List<String> MEMBERS = List.of(
            "apiKey",
            "token",
            "authHeader",
            "tokenUrl",
            "clientId",
            "clientSecret",
            "refreshToken",
            "scope",
            "federationRuleId",
            "organizationId",
            "serviceAccountId",
            "workspaceId",
            "assertionFile",
            "assertionEnv");

    private final SecretCipher cipher;

    CredentialFormat(SecretCipher cipher) {
        this.cipher = cipher;
    }

    JsonObject write(JsonObject previous, Account account) {
        JsonObject json = previous.without(MEMBERS).with("kind", account.kind().id());
        AccountCredential credential = account.credential();
        if (credential instanceof ApiKeyCredential known) {
            return json.with("apiKey", sealed(account.id(), "apiKey", known.key()))
                    .with("authHeader", known.header().id());
        } else if (credential instanceof BearerCredential known) {
            return json.with("token", sealed(account.id(), "token", known.token()))
                    .with("authHeader", known.header().id());
        } else if (credential instanceof OAuthCredential known) {
            return oauth(json, account.id(), known);
        }
        return federation(json, (FederationCredential) credential);
    }

    private JsonObject oauth(JsonObject json, String id, OAuthCredential credential) {
        return json.with("tokenUrl", credential.tokenUrl().toString())
                .with("clientId", credential.clientId())
                .with("clientSecret", sealed(id, "clientSecret", credential.clientSecret()))
                .with("refreshToken", sealed(id, "refreshToken", credential.refreshToken()))
                .with("scope", credential.scope());
    }

    private static JsonObject federation(JsonObject json, FederationCredential credential) {
        URI tokenUrl = credential.tokenUrl();
        Assertion assertion = credential.assertion();
        return json.with("tokenUrl", tokenUrl == null ? null : tokenUrl.toString())
                .with("federationRuleId", credential.ruleId())
                .with("organizationId", credential.organizationId())
                .with("serviceAccountId", credential.serviceAccountId())
                .with("workspaceId", credential.workspaceId())
                .with(assertion.place() == Place.FILE ? "assertionFile" : "assertionEnv", assertion.name());
    }

    AccountCredential read(JsonObject json) {
        String id = text(json, "id");
        AccountKind kind = AccountKind.byId(text(json, "kind"))
                .orElseThrow(() -> new IllegalStateException("an account in the store has a kind that is not known"));
        return switch (kind) {
            case API_KEY -> new ApiKeyCredential(opened(json, id, "apiKey"), header(json, AuthHeader.X_API_KEY));
            case BEARER -> new BearerCredential(opened(json, id, "token"), header(json, AuthHeader.BEARER));
            case OAUTH ->
                new OAuthCredential(
                        URI.create(text(json, "tokenUrl")),
                        text(json, "clientId"),
                        json.has("clientSecret") ? opened(json, id, "clientSecret") : null,
                        json.has("refreshToken") ? opened(json, id, "refreshToken") : null,
                        json.string("scope").orElse(null));
            case FEDERATION ->
                new FederationCredential(
                        json.string("tokenUrl").map(URI::create).orElse(null),
                        text(json, "federationRuleId"),
                        text(json, "organizationId"),
                        text(json, "serviceAccountId"),
                        json.string("workspaceId").orElse(null),
                        assertion(json));
        };
    }

    private static Assertion assertion(JsonObject json) {
        return json.has("assertionFile")
                ? new Assertion(Place.FILE, text(json, "assertionFile"))
                : new Assertion(Place.ENVIRONMENT, text(json, "assertionEnv"));
    }

    /** Records that were written when every key had the same header do not name one. */
    private static AuthHeader header(JsonObject json, AuthHeader otherwise) {
        return json.string("authHeader").flatMap(AuthHeader::byId).orElse(otherwise);
    }

    private @Nullable String sealed(String id, String member, @Nullable Secret secret) {
        return secret == null ? null : cipher.seal(secret, place(id, member));
    }

    private Secret opened(JsonObject json, String id, String member) {
        return cipher.open(text(json, member), place(id, member));
    }

    private static SecretPlace place(String id, String member) {
        String path = "account/" + id + "/" + member;
        return switch (member) {
            case "apiKey" -> SecretPlace.apiKey(path);
            case "clientSecret" -> SecretPlace.text(path);
            case "refreshToken" -> SecretPlace.refreshToken(path);
            default -> SecretPlace.token(path);
        };
    }
}
