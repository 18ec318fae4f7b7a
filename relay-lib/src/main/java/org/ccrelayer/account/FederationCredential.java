package org.ccrelayer.account;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What tokens are obtained with by Workload Identity Federation: an assertion that the operator's identity provider issues
 * again and again is exchanged at the upstream (RFC 7523, and the Claude API's documentation of the same name).
 *
 * @param tokenUrl where it is exchanged; null means {@code /v1/oauth/token} below the account's base URL
 * @param ruleId the federation rule, {@code fdrl_…}
 * @param organizationId the organization
 * @param serviceAccountId the service account, {@code svac_…}
 * @param workspaceId the workspace where the rule spans several; null leaves it to the rule
 * @param assertion where the assertion is read from, anew for each exchange
 */
public record FederationCredential(
        @Nullable URI tokenUrl,
        String ruleId,
        String organizationId,
        String serviceAccountId,
        @Nullable String workspaceId,
        Assertion assertion)
        implements AccountCredential {
    /**
     * Where an assertion stands.
     *
     * @param place what the name is of
     * @param name an absolute path, or the name of an environment variable
     */
    public record Assertion(Place place, String name) {
        /** Where assertions may stand. */
        public enum Place {
            /** In a file, as platforms mount them. */
            FILE,
            /** In an environment variable of the relay's process. */
            ENVIRONMENT
        }

        public Assertion {
            requireNonNull(place, "place");
            requireNonNull(name, "name");
        }
    }

    public FederationCredential {
        requireNonNull(ruleId, "ruleId");
        requireNonNull(organizationId, "organizationId");
        requireNonNull(serviceAccountId, "serviceAccountId");
        requireNonNull(assertion, "assertion");
    }

    /** Where the assertion is exchanged, for an account with that base URL. */
    public URI endpoint(URI baseUrl) {
        return tokenUrl == null ? URI.create(baseUrl + "/v1/oauth/token") : tokenUrl;
    }

    @Override
    public AccountKind kind() {
        return AccountKind.FEDERATION;
    }

    @Override
    public List<Secret> secrets() {
        return List.of();
    }
}
