package org.ccrelayer.internal.credential;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccrelayer.account.FederationCredential;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.json.JsonObject;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * A request for a token. Immutable; prints neither header nor body.
 *
 * @param uri where it goes
 * @param headers every header field but those of the connection
 * @param body what is posted
 * @param secrets the secrets in it, in every form in which they are in it
 */
public record TokenRequest(URI uri, HttpFields headers, byte[] body, List<Secret> secrets) {
    /** What Workload Identity Federation is asked for with; it belongs to this call and to no other. */
    private static final HttpField BETA =
            new HttpField("anthropic-beta", "oauth-2025-04-20,oidc-federation-2026-04-01");

    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    public TokenRequest {
        requireNonNull(uri, "uri");
        requireNonNull(headers, "headers");
        requireNonNull(body, "body");
        secrets = List.copyOf(secrets);
    }

    /**
     * A request of RFC 6749: with a refresh token (section 6) where there is one, else as the client itself (section 4.4).
     *
     * @param rotated the latest refresh token that came back; null where none did
     */
    static TokenRequest of(OAuthCredential credential, @Nullable Secret rotated) {
        Secret refreshToken = rotated == null ? credential.refreshToken() : rotated;
        Secret password = credential.clientSecret();
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", refreshToken == null ? "client_credentials" : "refresh_token");
        if (refreshToken != null) {
            form.put("refresh_token", refreshToken.reveal());
        }
        if (credential.scope() != null) {
            form.put("scope", credential.scope());
        }
        HttpFields.Mutable headers = headers("application/x-www-form-urlencoded");
        Secret login = password == null ? null : login(credential.clientId(), password);
        if (login == null) {
            form.put("client_id", credential.clientId());
        } else {
            headers.put(HttpHeader.AUTHORIZATION, "Basic " + login.reveal());
        }
        List<Secret> secrets = Stream.of(refreshToken, password, login)
                .flatMap(Stream::ofNullable)
                .flatMap(secret -> Stream.of(secret, Secret.of(encoded(secret.reveal()))))
                .toList();
        return new TokenRequest(credential.tokenUrl(), headers, bytes(encoded(form)), secrets);
    }

    /** A request of Workload Identity Federation, with that assertion. */
    static TokenRequest of(FederationCredential credential, URI baseUrl, Secret assertion) {
        JsonObject body = JsonObject.empty()
                .with("grant_type", JWT_BEARER)
                .with("assertion", assertion.reveal())
                .with("federation_rule_id", credential.ruleId())
                .with("organization_id", credential.organizationId())
                .with("service_account_id", credential.serviceAccountId());
        if (credential.workspaceId() != null) {
            body = body.with("workspace_id", credential.workspaceId());
        }
        HttpFields headers = headers("application/json").put(BETA);
        return new TokenRequest(credential.endpoint(baseUrl), headers, body.toBytes(), List.of(assertion));
    }

    private static HttpFields.Mutable headers(String contentType) {
        return HttpFields.build()
                .put(HttpHeader.CONTENT_TYPE, contentType)
                .put(HttpHeader.ACCEPT, "application/json")
                .put(HttpHeader.ACCEPT_ENCODING, "identity");
    }

    /** Name and password are form-encoded before they are put together (RFC 6749 section 2.3.1). */
    private static Secret login(String name, Secret password) {
        String pair = encoded(name) + ":" + encoded(password.reveal());
        return Secret.of(Base64.getEncoder().encodeToString(bytes(pair)));
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(member -> member.getKey() + "=" + encoded(member.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "TokenRequest[" + uri.getHost() + "]";
    }
}
