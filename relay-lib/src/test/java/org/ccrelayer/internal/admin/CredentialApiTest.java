package org.ccrelayer.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountCredential;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.AuthHeader;
import org.ccrelayer.account.BearerCredential;
import org.ccrelayer.account.FederationCredential;
import org.ccrelayer.account.FederationCredential.Assertion;
import org.ccrelayer.account.FederationCredential.Assertion.Place;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.account.TokenOrigin;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.internal.network.EndpointGuard;
import org.ccrelayer.testkit.Samples;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Credentials of every kind over HTTP: secrets go in and never come out. */
class CredentialApiTest {
    private static final String OAUTH = "\"kind\":\"oauth\",\"tokenUrl\":\"https://tokens.example/o/token/\","
            + "\"clientId\":\"client\",\"clientSecret\":\"pw-canary\",\"refreshToken\":\"rt-canary\",\"scope\":\"a b\"";
    private static final String FEDERATION = "\"kind\":\"federation\",\"federationRuleId\":\"fdrl_1\","
            + "\"organizationId\":\"c0ffee00-1111-4222-8333-444444444444\",\"serviceAccountId\":\"svac_1\","
            + "\"assertionFile\":\"/var/run/token\"";

    private final AdminFixture admin = new AdminFixture();

    @AfterEach
    void close() {
        admin.close();
    }

    private JsonObject created(String members) {
        AdminResponse response = admin.asAdmin("POST", "/admin/accounts", "{\"name\":\"n\"," + members + "}");
        assertThat(response.status()).as(AdminFixture.text(response)).isEqualTo(201);
        assertThat(AdminFixture.text(response)).doesNotContain("canary");
        return AdminFixture.object(response);
    }

    private String id(String members) {
        return created(members).string("id").orElseThrow();
    }

    private AccountCredential credential(String id) {
        return admin.store.accounts().find(id).orElseThrow().credential();
    }

    private JsonObject changed(String id, String members) {
        AdminResponse response = admin.asAdmin("PUT", "/admin/accounts/" + id, "{" + members + "}");
        assertThat(response.status()).as(AdminFixture.text(response)).isEqualTo(200);
        return AdminFixture.object(response);
    }

    private String refused(String method, String path, String members) {
        AdminResponse response = admin.asAdmin(method, path, "{" + members + "}");
        return AdminFixture.error(response, 400, "invalid_request_error");
    }

    private String refusedNew(String members) {
        return refused("POST", "/admin/accounts", "\"name\":\"n\"," + members);
    }

    @Test
    void aKeyIsSentInTheHeaderThatIsAskedFor() {
        JsonObject json = created("\"apiKey\":\"k-canary\",\"authHeader\":\"bearer\"");
        assertThat(json.string("authHeader")).contains("bearer");
        assertThat(credential(json.string("id").orElseThrow()))
                .isEqualTo(new ApiKeyCredential(Secret.of("k-canary"), AuthHeader.BEARER));
    }

    @Test
    void aStaticTokenIsKept() {
        JsonObject json = created("\"kind\":\"bearer\",\"token\":\"t-canary\"");
        assertThat(json.toString())
                .contains("\"kind\":\"bearer\"", "\"hasApiKey\":false,\"hasToken\":true,\"authHeader\":\"bearer\"");
        String id = json.string("id").orElseThrow();
        assertThat(credential(id)).isEqualTo(new BearerCredential(Secret.of("t-canary")));
        changed(id, "\"authHeader\":\"x-api-key\"");
        assertThat(credential(id)).isEqualTo(new BearerCredential(Secret.of("t-canary"), AuthHeader.X_API_KEY));
    }

    @Test
    void anOAuthClientIsKeptAndShownWithoutItsSecrets() {
        JsonObject json = created(OAUTH);
        assertThat(json.toString())
                .contains(
                        "\"hasApiKey\":false,\"tokenUrl\":\"https://tokens.example/o/token/\",\"clientId\":\"client\","
                                + "\"hasClientSecret\":true,\"hasRefreshToken\":true,\"scope\":\"a b\","
                                + "\"token\":{\"expiresAt\":null,\"refreshedAt\":null,\"problem\":null}");
        assertThat(credential(json.string("id").orElseThrow()))
                .isEqualTo(new OAuthCredential(
                        URI.create("https://tokens.example/o/token/"),
                        "client",
                        Secret.of("pw-canary"),
                        Secret.of("rt-canary"),
                        "a b"));
    }

    @Test
    void aFederationIsKeptAndShown() {
        JsonObject json = created(FEDERATION);
        assertThat(json.toString())
                .contains("\"tokenUrl\":null,\"federationRuleId\":\"fdrl_1\"")
                .contains("\"workspaceId\":null,\"assertionFile\":\"/var/run/token\",\"assertionEnv\":null");
        String id = json.string("id").orElseThrow();
        changed(id, "\"assertionEnv\":\"TOKEN\",\"workspaceId\":\"default\"");
        assertThat(credential(id))
                .isEqualTo(new FederationCredential(
                        null,
                        "fdrl_1",
                        "c0ffee00-1111-4222-8333-444444444444",
                        "svac_1",
                        "default",
                        new Assertion(Place.ENVIRONMENT, "TOKEN")));
    }

    @Test
    void withinAKindOnlyWhatIsNamedChangesAndAnEmptyTextRemoves() {
        String id = id(OAUTH);
        changed(id, "\"scope\":\"\",\"refreshToken\":\"rt2\"");
        OAuthCredential kept = (OAuthCredential) credential(id);
        assertThat(kept.scope()).isNull();
        assertThat(kept.refreshToken()).isEqualTo(Secret.of("rt2"));
        assertThat(kept.clientSecret()).isEqualTo(Secret.of("pw-canary"));
        assertThat(refused("PUT", "/admin/accounts/" + id, "\"refreshToken\":\"\",\"clientSecret\":\"\""))
                .contains("refreshToken: is required where there is no clientSecret");
        assertThat(credential(id)).isEqualTo(kept);
    }

    @Test
    void anotherKindNeedsAllItsFields() {
        String id = id("\"apiKey\":\"k\"");
        assertThat(refused("PUT", "/admin/accounts/" + id, "\"kind\":\"oauth\",\"clientId\":\"c\""))
                .contains("tokenUrl: is required")
                .contains("refreshToken: is required where there is no clientSecret")
                .doesNotContain("clientId");
        assertThat(changed(id, OAUTH).string("kind")).contains("oauth");
        assertThat(changed(id, "\"kind\":\"api-key\",\"apiKey\":\"k2\"").string("kind"))
                .contains("api-key");
        assertThat(credential(id)).isEqualTo(new ApiKeyCredential(Secret.of("k2")));
    }

    @Test
    void fieldsOfAnotherKindAreRefused() {
        assertThat(refusedNew("\"apiKey\":\"k\",\"clientId\":\"c\",\"scope\":\"s\""))
                .isEqualTo("clientId: is not used by accounts of kind api-key; scope: is not used by accounts of kind"
                        + " api-key");
        assertThat(refusedNew(OAUTH + ",\"authHeader\":\"bearer\",\"workspaceId\":\"default\""))
                .contains("authHeader: is not used by accounts of kind oauth")
                .contains("workspaceId: is not used by accounts of kind oauth");
        String id = id(FEDERATION);
        assertThat(refused("PUT", "/admin/accounts/" + id, "\"refreshToken\":\"r\""))
                .isEqualTo("refreshToken: is not used by accounts of kind federation");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tokenUrl | http://tokens.example/ | must begin with https://",
                "tokenUrl | https://127.0.0.1/ | must not be a local or private address",
                "tokenUrl | https://169.254.169.254/ | must not be an address that no upstream has",
                "tokenUrl | https://u:canary@tokens.example/ | must have no user name",
                "tokenUrl | canary | must begin with https://",
                "tokenUrl | ht tp | must be a URL",
                "clientId | ké | must be 1 to 256 printable",
                "clientSecret | ké | must be 1 to 256 printable",
                "refreshToken | ké | must be 1 to 16384 printable",
                "scope | a  b | must be words with one space"
            })
    void aBadValueOfAnOAuthClientIsNamed(String field, String value, String problem) {
        String body = OAUTH.replaceFirst("\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":\"" + value + "\"");
        assertThat(refusedNew(body)).startsWith(field + ": " + problem).doesNotContain("canary");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "federationRuleId | svac_1 | must begin with fdrl_",
                "serviceAccountId | svac_ | must begin with svac_",
                "organizationId | org | must be a UUID",
                "assertionFile | run/token | must be an absolute path",
                "assertionFile | /run/../etc/shadow | must be an absolute path",
                "assertionFile | / | must be an absolute path"
            })
    void aBadValueOfAFederationIsNamed(String field, String value, String problem) {
        String body = FEDERATION.replaceFirst("\"" + field + "\":\"[^\"]*\"", "\"" + field + "\":\"" + value + "\"");
        assertThat(refusedNew(body)).startsWith(field + ": " + problem);
    }

    @Test
    void oneAssertionIsEnough() {
        assertThat(refusedNew(FEDERATION + ",\"assertionEnv\":\"TOKEN\""))
                .isEqualTo("assertionEnv: must be left out where assertionFile is given");
        assertThat(refusedNew(FEDERATION.replaceFirst(",\"assertionFile\":\"[^\"]*\"", "")))
                .isEqualTo("assertionFile: is required, or assertionEnv");
    }

    @Test
    void javaIsHeldToTheSameRules() {
        assertThatThrownBy(() -> admin.administration.createAccount(new NewAccount(
                        "n",
                        new OAuthCredential(URI.create("http://tokens.example"), "", null, Secret.of("r"), null),
                        null,
                        null,
                        true,
                        Set.of())))
                .hasMessage(
                        "tokenUrl: must begin with https://; clientId: must be 1 to 256 printable ASCII characters");
    }

    @Test
    void plainHttpGoesNoFurtherThanThisMachine() {
        EndpointGuard open = new EndpointGuard(true);
        for (String url :
                new String[] {"http://127.0.0.1:9/t/", "http://localhost/t", "http://[::1]/", "https://10.0.0.1"}) {
            open.check(url);
        }
        for (String url :
                new String[] {"http://10.0.0.1/t", "http://192.168.1.1/", "http://example.com", "ftp://localhost"}) {
            assertThatThrownBy(() -> open.check(url)).hasMessage("must begin with https://");
        }
    }

    private StoredToken keep(String id) {
        Account account = admin.store.accounts().find(id).orElseThrow();
        StoredToken token = StoredToken.none(id, TokenOrigin.of(account))
                .obtained(
                        new StoredToken.Access(Secret.of("at-canary"), Samples.START.plusSeconds(60), Samples.START),
                        Secret.of("rt2-canary"))
                .failed(new StoredToken.Failure("refresh failed: invalid_grant", 1, null));
        return admin.store.tokens().update(id, old -> Optional.of(token)).orElseThrow();
    }

    @Test
    void aTokenIsShownWithoutItself() {
        String id = id(OAUTH);
        keep(id);
        assertThat(AdminFixture.text(admin.asAdmin("GET", "/admin/accounts", "")))
                .contains("\"token\":{\"expiresAt\":\"2026-11-22T10:01:00.123456789Z\","
                        + "\"refreshedAt\":\"2026-11-22T10:00:00.123456789Z\","
                        + "\"problem\":\"refresh failed: invalid_grant\"}")
                .doesNotContain("canary");
    }

    @Test
    void aCallWhoseEndNobodyKnowsIsShownUnlessItRuns() {
        String id = id(OAUTH);
        StoredToken intended = keep(id).forgiven().intending(new StoredToken.Intent("me", Samples.START));
        admin.store.tokens().update(id, old -> Optional.of(intended));
        admin.store.tokens().lock(id, "me", java.time.Duration.ofSeconds(60));
        assertThat(admin.administration.tokenStatus(id).problem()).isNull();
        admin.store.tokens().unlock(id, "me");
        assertThat(admin.administration.tokenStatus(id).problem()).isEqualTo("refresh outcome unknown");
    }

    @Test
    void aChangedCredentialDropsItsTokenAndAnyChangeForgivesAFailure() {
        String id = id(OAUTH);
        StoredToken token = keep(id);
        changed(id, "\"name\":\"other\"");
        assertThat(admin.store.tokens().find(id)).contains(token.forgiven());
        keep(id);
        changed(id, "\"clientSecret\":\"pw2\"");
        assertThat(admin.store.tokens().find(id)).contains(token.forgiven());
        for (String change :
                new String[] {"\"refreshToken\":\"rt3\"", "\"tokenUrl\":\"https://other.example\"", "\"clientId\":\"d\""
                }) {
            keep(id);
            changed(id, change);
            assertThat(admin.store.tokens().find(id)).as(change).isEmpty();
        }
        keep(id);
        admin.asAdmin("DELETE", "/admin/accounts/" + id, "");
        assertThat(admin.store.tokens().find(id)).isEmpty();
    }

    @Test
    void aRefreshTellsItsResult() {
        String id = id(OAUTH);
        admin.refreshing = account -> {
            admin.store
                    .tokens()
                    .update(
                            account.id(),
                            old -> Optional.of(StoredToken.none(account.id(), "o")
                                    .obtained(
                                            new StoredToken.Access(
                                                    Secret.of("at-canary"),
                                                    Samples.START.plusSeconds(60),
                                                    Samples.START),
                                            null)));
            return CompletableFuture.completedStage(null);
        };
        AdminResponse response = admin.asAdmin("POST", "/admin/accounts/" + id + "/refresh", "");
        assertThat(response.status()).isEqualTo(200);
        assertThat(AdminFixture.text(response))
                .isEqualTo("{\"token\":{\"expiresAt\":\"2026-11-22T10:01:00.123456789Z\","
                        + "\"refreshedAt\":\"2026-11-22T10:00:00.123456789Z\",\"problem\":null}}");
        admin.refreshing = account -> CompletableFuture.failedStage(
                new RelayException(Outcome.UPSTREAM_UNREACHABLE, "The token could not be obtained: why."));
        assertThat(AdminFixture.error(
                        admin.asAdmin("POST", "/admin/accounts/" + id + "/refresh", ""), 502, "api_error"))
                .isEqualTo("The token could not be obtained: why.");
    }

    @Test
    void whereThereIsNothingToRefreshThatIsSaid() {
        String id = id("\"apiKey\":\"k\"");
        assertThat(refused("POST", "/admin/accounts/" + id + "/refresh", ""))
                .isEqualTo("kind: accounts of kind api-key have nothing to refresh, only those of kind oauth and"
                        + " federation");
        AdminFixture.error(admin.asAdmin("POST", "/admin/accounts/none/refresh", ""), 404, "not_found_error");
    }
}
