package org.ccrelayer.internal.credential;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.ccrelayer.account.FederationCredential;
import org.ccrelayer.account.FederationCredential.Assertion;
import org.ccrelayer.account.FederationCredential.Assertion.Place;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.json.JsonObject;
import org.junit.jupiter.api.Test;

/** Requests for tokens, byte by byte. */
class TokenRequestTest {
    private static final URI ENDPOINT = URI.create("https://tokens.example/o/token/");

    private static String body(TokenRequest request) {
        return new String(request.body(), StandardCharsets.UTF_8);
    }

    private static OAuthCredential oauth(String password, String refreshToken, String scope) {
        return new OAuthCredential(
                ENDPOINT,
                "client é:1",
                password == null ? null : Secret.of(password),
                refreshToken == null ? null : Secret.of(refreshToken),
                scope);
    }

    @Test
    void aPublicClientNamesItselfInTheBody() {
        TokenRequest request = TokenRequest.of(oauth(null, "r+1 &", "read write"), null);
        assertThat(body(request))
                .isEqualTo(
                        "grant_type=refresh_token&refresh_token=r%2B1+%26&scope=read+write&client_id=client+%C3%A9%3A1");
        assertThat(request.headers().get("authorization")).isNull();
        assertThat(request.headers().get("content-type")).isEqualTo("application/x-www-form-urlencoded");
        assertThat(request.headers().get("anthropic-beta")).isNull();
        assertThat(request.uri()).isEqualTo(ENDPOINT);
    }

    @Test
    void aClientWithAPasswordSendsItAsBasicAndEncoded() {
        TokenRequest request = TokenRequest.of(oauth("p:w %", "r", null), null);
        assertThat(body(request)).isEqualTo("grant_type=refresh_token&refresh_token=r");
        String pair = "client+%C3%A9%3A1:p%3Aw+%25";
        assertThat(request.headers().get("authorization"))
                .isEqualTo("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theLatestRefreshTokenIsSent() {
        assertThat(body(TokenRequest.of(oauth("p", "first", null), Secret.of("latest"))))
                .isEqualTo("grant_type=refresh_token&refresh_token=latest");
    }

    @Test
    void withoutARefreshTokenTheClientAsksAsItself() {
        assertThat(body(TokenRequest.of(oauth("p", null, "s"), null)))
                .isEqualTo("grant_type=client_credentials&scope=s");
    }

    @Test
    void anAssertionIsExchangedAtTheUpstream() {
        FederationCredential credential =
                new FederationCredential(null, "fdrl_1", "org", "svac_1", null, new Assertion(Place.ENVIRONMENT, "A"));
        TokenRequest request = TokenRequest.of(credential, URI.create("https://up.example/base"), Secret.of("j.w.t"));
        assertThat(request.uri()).isEqualTo(URI.create("https://up.example/base/v1/oauth/token"));
        assertThat(request.headers().get("content-type")).isEqualTo("application/json");
        assertThat(request.headers().get("anthropic-beta")).isEqualTo("oauth-2025-04-20,oidc-federation-2026-04-01");
        assertThat(JsonObject.parse(request.body()).toString())
                .isEqualTo("{\"grant_type\":\"urn:ietf:params:oauth:grant-type:jwt-bearer\",\"assertion\":\"j.w.t\","
                        + "\"federation_rule_id\":\"fdrl_1\",\"organization_id\":\"org\","
                        + "\"service_account_id\":\"svac_1\"}");
    }

    @Test
    void aWorkspaceAndAnotherEndpointAreUsedWhereTheyAreNamed() {
        FederationCredential credential = new FederationCredential(
                ENDPOINT, "fdrl_1", "org", "svac_1", "default", new Assertion(Place.FILE, "/a"));
        TokenRequest request = TokenRequest.of(credential, URI.create("https://up.example"), Secret.of("j.w.t"));
        assertThat(request.uri()).isEqualTo(ENDPOINT);
        assertThat(JsonObject.parse(request.body()).string("workspace_id")).contains("default");
    }

    @Test
    void noneOfItIsPrinted() {
        assertThat(TokenRequest.of(oauth("pw-canary", "rt-canary", null), null).toString())
                .doesNotContain("canary")
                .doesNotContain("Basic");
    }
}
