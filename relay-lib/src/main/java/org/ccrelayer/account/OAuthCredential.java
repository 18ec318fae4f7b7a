package org.ccrelayer.account;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What tokens are obtained with from a token endpoint of the operator's choice: with a refresh token where there is one (RFC
 * 6749 section 6), else as the client itself (section 4.4).
 *
 * @param tokenUrl the token endpoint
 * @param clientId the client's name there
 * @param clientSecret the client's password; null for a public client, which needs a refresh token
 * @param refreshToken the first refresh token; later ones are kept apart from it
 * @param scope what is asked for; null leaves it to the endpoint
 */
public record OAuthCredential(
        URI tokenUrl,
        String clientId,
        @Nullable Secret clientSecret,
        @Nullable Secret refreshToken,
        @Nullable String scope)
        implements AccountCredential {
    public OAuthCredential {
        requireNonNull(tokenUrl, "tokenUrl");
        requireNonNull(clientId, "clientId");
        if (clientSecret == null && refreshToken == null) {
            throw new IllegalArgumentException("refreshToken: is required where there is no clientSecret");
        }
    }

    @Override
    public AccountKind kind() {
        return AccountKind.OAUTH;
    }

    @Override
    public List<Secret> secrets() {
        return Stream.of(clientSecret, refreshToken).flatMap(Stream::ofNullable).toList();
    }
}
