package org.ccrelayer.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountStatus;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.testkit.Samples;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the routes of the administration API do and answer. */
class AdminApiTest {
    private static final String ACCOUNT = "{\"name\":\"first\",\"apiKey\":\"sk-test-1\"}";

    private final AdminFixture admin = new AdminFixture();

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void anAccountIsCreatedWithDefaults() {
        AdminResponse response = admin.asAdmin("POST", "/admin/accounts", ACCOUNT);
        assertThat(response.status()).isEqualTo(201);
        JsonObject json = AdminFixture.object(response);
        Account kept =
                admin.store.accounts().find(json.string("id").orElseThrow()).orElseThrow();
        assertThat(kept.credential()).isEqualTo(new ApiKeyCredential(Secret.of("sk-test-1")));
        assertThat(json.toString())
                .isEqualTo("{\"id\":\"" + kept.id() + "\",\"name\":\"first\",\"kind\":\"api-key\","
                        + "\"baseUrl\":\"https://api.anthropic.com\",\"hasApiKey\":true,\"authHeader\":\"x-api-key\",\"priority\":50,"
                        + "\"schedulable\":true,\"models\":[],\"modelsDenied\":[],\"modelMap\":{},"
                        + "\"concurrencyLimit\":0,\"weight\":1,\"groups\":[],\"dedicated\":false,"
                        + "\"workspace\":null,\"autoStopOnWarning\":false,\"createdAt\":\"2026-11-22T10:00:00Z\","
                        + "\"dailyQuota\":0,\"quotaResetTime\":\"00:00\",\"subscriptionExpiresAt\":null,"
                        + "\"interceptWarmup\":false,\"restsUntil\":null,"
                        + "\"credentialProblem\":null,"
                        + "\"proxy\":{\"type\":\"direct\"},"
                        + "\"tls\":{\"protocols\":[],\"cipherSuites\":[],\"namedGroups\":[],\"trust\":[],\"pins\":[],"
                        + "\"client\":null,\"provider\":\"JDK\"},"
                        + "\"connections\":{\"open\":0,\"inUse\":0,\"queued\":0},"
                        + "\"health\":{\"state\":\"in\",\"reason\":\"\",\"until\":null,\"familiesLimitedUntil\":{},\"running\":0,"
                        + "\"fiveHour\":{\"status\":null,\"utilization\":null,\"resetsAt\":null},"
                        + "\"sevenDay\":{\"status\":null,\"utilization\":null,\"resetsAt\":null}}}");
    }

    @Test
    void anAccountIsCreatedAsAsked() {
        AdminResponse response = admin.asAdmin(
                "POST",
                "/admin/accounts",
                "{\"name\":\"a\",\"kind\":\"api-key\",\"baseUrl\":\"HTTPS://Upstream.Example:8443/base//\",\"apiKey\":\"k\","
                        + "\"priority\":7,\"schedulable\":false,\"models\":[\"m2\",\"m1\"]}");
        JsonObject json = AdminFixture.object(response);
        assertThat(json.string("baseUrl")).contains("https://upstream.example:8443/base");
        assertThat(json.integer("priority")).contains(7L);
        assertThat(json.bool("schedulable")).contains(false);
        assertThat(json.strings("models")).contains(List.of("m1", "m2"));
    }

    @Test
    void accountsAreListedOldestFirstAndWithoutCredentials() {
        String first = create("first");
        admin.time.move(Duration.ofSeconds(1));
        String second = create("second");
        AdminResponse response = admin.asAdmin("GET", "/admin/accounts", "");
        assertThat(response.status()).isEqualTo(200);
        assertThat(AdminFixture.list(response))
                .extracting(json -> json.string("id").orElseThrow())
                .containsExactly(first, second);
        assertThat(AdminFixture.text(response)).doesNotContain("sk-test").contains("\"hasApiKey\":true");
    }

    @Test
    void anAccountWhoseCredentialCannotBeDecryptedSaysSoUntilItIsSetAnew() {
        Secret lost = Secret.undecryptable("0f:sealed-with-a-lost-key");
        admin.store.accounts().create(withApiKey(Samples.account("lost", 12), lost));
        JsonObject listed =
                AdminFixture.list(admin.asAdmin("GET", "/admin/accounts", "")).get(0);
        assertThat(listed.bool("hasApiKey")).contains(false);
        assertThat(listed.string("credentialProblem").orElseThrow())
                .contains("cannot be decrypted")
                .contains("Set it anew");
        assertThat(listed.toString()).doesNotContain("sealed-with");
        admin.asAdmin("POST", "/admin/accounts/lost/toggle", "");
        admin.asAdmin("PUT", "/admin/accounts/lost", "{\"priority\":9}");
        Account kept = admin.store.accounts().find("lost").orElseThrow();
        assertThat(Samples.apiKey(kept)).isEqualTo(lost);
        assertThat(kept.priority()).isEqualTo(9);
        JsonObject mended =
                AdminFixture.object(admin.asAdmin("PUT", "/admin/accounts/lost", "{\"apiKey\":\"sk-test-2\"}"));
        assertThat(mended.bool("hasApiKey")).contains(true);
        assertThat(mended.string("credentialProblem")).isEmpty();
    }

    private static Account withApiKey(Account account, Secret apiKey) {
        return new Account(
                account.id(),
                account.name(),
                new ApiKeyCredential(apiKey),
                account.baseUrl(),
                account.priority(),
                account.schedulable(),
                account.models(),
                account.createdAt(),
                account.routing());
    }

    @Test
    void anAccountIsChangedMemberByMember() {
        String id = create("first");
        AdminResponse response =
                admin.asAdmin("PUT", "/admin/accounts/" + id, "{\"priority\":3,\"models\":[\"m\"],\"name\":null}");
        assertThat(response.status()).isEqualTo(200);
        JsonObject json = AdminFixture.object(response);
        assertThat(json.string("name")).contains("first");
        assertThat(json.integer("priority")).contains(3L);
        admin.asAdmin("PUT", "/admin/accounts/" + id, "{\"apiKey\":\"sk-new\",\"schedulable\":false}");
        Account kept = admin.store.accounts().find(id).orElseThrow();
        assertThat(kept.credential()).isEqualTo(new ApiKeyCredential(Secret.of("sk-new")));
        assertThat(kept.schedulable()).isFalse();
        assertThat(kept.priority()).isEqualTo(3);
        assertThat(kept.models()).containsExactly("m");
    }

    @Test
    void anAccountIsToggledAndDeleted() {
        String id = create("first");
        assertThat(AdminFixture.text(admin.asAdmin("POST", "/admin/accounts/" + id + "/toggle", "")))
                .isEqualTo("{\"schedulable\":false}");
        assertThat(AdminFixture.text(admin.asAdmin("POST", "/admin/accounts/" + id + "/toggle", "")))
                .isEqualTo("{\"schedulable\":true}");
        assertThat(AdminFixture.text(admin.asAdmin("DELETE", "/admin/accounts/" + id, "")))
                .isEqualTo("{\"status\":\"deleted\"}");
        assertThat(admin.asAdmin("DELETE", "/admin/accounts/" + id, "").status())
                .isEqualTo(404);
        assertThat(admin.store.accounts().list()).isEmpty();
    }

    @Test
    void aKeyIsShownOnce() {
        AdminResponse response = admin.asAdmin("POST", "/admin/keys", "{\"name\":\"mine\"}");
        assertThat(response.status()).isEqualTo(201);
        JsonObject json = AdminFixture.object(response);
        assertThat(json.names()).containsExactly("id", "key", "name");
        String key = json.string("key").orElseThrow();
        assertThat(key).matches("cr_[0-9a-f]{64}");
        assertThat(admin.store.apiKeys().findByHash(admin.keyHash.of(key)))
                .map(ApiKey::id)
                .isEqualTo(json.string("id"));
        AdminResponse list = admin.asAdmin("GET", "/admin/keys", "");
        assertThat(AdminFixture.text(list))
                .doesNotContain(key)
                .doesNotContain(admin.keyHash.of(key))
                .isEqualTo("[{\"id\":\"" + json.string("id").orElseThrow() + "\",\"name\":\"mine\",\"enabled\":true,"
                        + "\"concurrencyLimit\":0,\"rateLimitWindow\":0,\"rateLimitRequests\":0,\"rateLimitTokens\":0,"
                        + "\"rateLimitCost\":0,\"dailyCostLimit\":0,\"totalCostLimit\":0,\"weeklyCostLimit\":0,"
                        + "\"weeklyCostScope\":\"all\",\"weeklyResetDay\":1,\"weeklyResetHour\":0,"
                        + "\"timezoneOffset\":null,\"budgetMode\":\"standard\",\"modelsAllowed\":[],"
                        + "\"modelsDenied\":[],\"boundAccount\":null,\"boundGroup\":null,\"mayLeave\":false,"
                        + "\"contentAffinity\":true,\"createdAt\":\"2026-11-22T10:00:00Z\",\"expiresAt\":null,"
                        + "\"activationDays\":0,\"activationHours\":0,\"activatedAt\":null,\"permissions\":[],"
                        + "\"allowedClients\":[],\"serviceRates\":{}}]");
    }

    @Test
    void aKeyIsLimitedDisabledAndDeleted() {
        AdminResponse response = admin.asAdmin(
                "POST",
                "/admin/keys",
                "{\"name\":\"k\",\"modelsAllowed\":[\"m\"],\"expiresAt\":\"2027-01-01T00:00:00Z\"}");
        String id = AdminFixture.object(response).string("id").orElseThrow();
        ApiKey kept = admin.store.apiKeys().find(id).orElseThrow();
        assertThat(kept.limits().modelsAllowed()).containsExactly("m");
        assertThat(kept.expiresAt()).isEqualTo("2027-01-01T00:00:00Z");
        JsonObject disabled = AdminFixture.object(admin.asAdmin("PUT", "/admin/keys/" + id, "{\"enabled\":false}"));
        assertThat(disabled.bool("enabled")).contains(false);
        assertThat(admin.store.apiKeys().find(id).orElseThrow().enabled()).isFalse();
        assertThat(AdminFixture.text(admin.asAdmin("DELETE", "/admin/keys/" + id, "")))
                .isEqualTo("{\"status\":\"deleted\"}");
        assertThat(admin.asAdmin("DELETE", "/admin/keys/" + id, "").status()).isEqualTo(404);
    }

    @Test
    void aDailyQuotaIsToldWithWhatCountsAgainstIt() {
        create("first");
        assertThat(AdminFixture.text(admin.asAdmin("GET", "/admin/accounts", "")))
                .doesNotContain("\"quota\"");
        admin.status = AccountStatus.NEW.withQuota(
                new AccountStatus.Quota(2_000_000_000, 2_500_000_000L, Instant.parse("2026-11-23T00:00:00Z")));
        assertThat(AdminFixture.text(admin.asAdmin("GET", "/admin/accounts", "")))
                .contains(
                        "\"state\":\"resting\",\"reason\":\"daily quota used up\",\"until\":\"2026-11-23T00:00:00Z\"",
                        "\"quota\":{\"limitUsd\":2,\"spentUsd\":2.5,\"resetsAt\":\"2026-11-23T00:00:00Z\"}");
    }

    @Test
    void theStatusCountsAndSumsExactly() {
        create("first");
        admin.asAdmin("POST", "/admin/accounts/" + create("second") + "/toggle", "");
        admin.asAdmin("POST", "/admin/keys", "{\"name\":\"k\"}");
        Samples.book(admin.store.usage(), Samples.row("u1", "x", "k", 0));
        Samples.book(admin.store.usage(), Samples.row("u2", "x", "k", 4));
        AdminResponse response = admin.asAdmin("GET", "/admin/status", "");
        assertThat(AdminFixture.text(response))
                .isEqualTo(
                        "{\"status\":\"ok\",\"store\":\"ok\",\"accounts\":{\"total\":2,\"schedulable\":1},"
                                + "\"keys\":{\"total\":1,\"enabled\":1},\"usage\":{\"attempts\":2,\"inputTokens\":4,"
                                + "\"outputTokens\":24,\"cacheWrite5mTokens\":44,\"cacheWrite1hTokens\":64,"
                                + "\"cacheReadTokens\":2199023255556,\"costUsd\":\"6.000000042\",\"countedUsd\":\"3.000000018\"},\"sessionMoves\":{\"cooling\":3},\"degraded\":[]}");
    }

    @Test
    void theStatusTellsWhatKeepsTheRelayFromWorkingWell() {
        admin.degradations.report("servlet \"relay\"", "a \"gzip\" filter");
        assertThat(AdminFixture.text(admin.asAdmin("GET", "/admin/status", "")))
                .endsWith("\"degraded\":[{\"where\":\"servlet \\\"relay\\\"\",\"problem\":\"a \\\"gzip\\\" filter\","
                        + "\"since\":\"" + admin.time.instant() + "\"}]}");
    }

    @Test
    void theStatusIsAnsweredWithoutAStore() {
        Optional<String> session = Optional.of("Bearer " + admin.token());
        admin.store.close();
        AdminResponse response = admin.send("GET", "/admin/status", session, "");
        assertThat(AdminFixture.text(response))
                .isEqualTo("{\"status\":\"ok\",\"store\":\"error\",\"accounts\":null,\"keys\":null,\"usage\":null,"
                        + "\"sessionMoves\":{\"cooling\":3},\"degraded\":[]}");
        AdminResponse create = admin.send("POST", "/admin/accounts", session, ACCOUNT);
        AdminFixture.error(create, 503, "api_error");
    }

    @Test
    void everyProblemOfABodyIsToldAtOnce() {
        AdminResponse response = admin.asAdmin(
                "POST",
                "/admin/accounts",
                "{\"name\":\"\",\"apikey\":\"x\",\"baseUrl\":\"http://example.com\",\"priority\":\"high\",\"authHeader\":\"cookie\","
                        + "\"schedulable\":1,\"models\":[\"ok\",5]}");
        assertThat(AdminFixture.error(response, 400, "invalid_request_error"))
                .contains("apikey: is unknown, did you mean apiKey? (known are name, baseUrl,")
                .contains("name: must be 1 to 100 characters")
                .contains("apiKey: is required")
                .contains("baseUrl: must begin with https://")
                .contains("priority: must be a number")
                .contains("authHeader: must be x-api-key or bearer")
                .contains("schedulable: must be true or false")
                .contains("models: must be a list of strings")
                .doesNotContain("example.com");
        assertThat(admin.store.accounts().list()).isEmpty();
    }

    @Test
    void aBadValueIsNamedWithItsRemedyAndNeverRepeated() {
        String id = create("first");
        assertThat(refusal("PUT", "/admin/accounts/" + id, "{\"priority\":101}"))
                .contains("priority: must be 1 to 100");
        assertThat(refusal("PUT", "/admin/accounts/" + id, "{\"priority\":1.5}"))
                .contains("priority: must be a whole number");
        assertThat(refusal("PUT", "/admin/accounts/" + id, "{\"priority\":1e99}"))
                .contains("priority: ");
        assertThat(refusal("PUT", "/admin/accounts/" + id, "{\"apiKey\":\"sk-secret value\"}"))
                .contains("apiKey: must be 1 to 4096 printable ASCII characters without spaces")
                .doesNotContain("sk-secret");
        assertThat(refusal("PUT", "/admin/accounts/" + id, "{\"kind\":\"api\"}"))
                .contains("kind: must be api-key, bearer, oauth or federation");
        assertThat(refusal("PUT", "/admin/accounts/" + id, "{\"sk secret\":1}"))
                .contains("(a name): is unknown")
                .doesNotContain("sk secret");
        assertThat(refusal("POST", "/admin/keys", "{\"name\":\"k\",\"expiresAt\":\"soon\"}"))
                .contains("expiresAt: must be a time such as");
        assertThat(refusal("POST", "/admin/keys", "{\"name\":\"k\",\"expiresAt\":\"2020-01-01T00:00:00Z\"}"))
                .contains("expiresAt: must be later than now");
    }

    @Test
    void aBodyThatIsNoObjectIsRefused() {
        for (String body : List.of("", "[]", "{", "null", "{\"a\":1,\"a\":2}", "{} {}")) {
            assertThat(refusal("POST", "/admin/accounts", body)).contains("The body must be a JSON object");
        }
    }

    @Test
    void whatIsNotThereIsNotFound() {
        for (String path : List.of("/admin/accounts/none", "/admin/accounts/a%2Fb")) {
            AdminFixture.error(admin.asAdmin("PUT", path, "{}"), 404, "not_found_error");
            AdminFixture.error(admin.asAdmin("DELETE", path, ""), 404, "not_found_error");
        }
        AdminFixture.error(admin.asAdmin("POST", "/admin/accounts/none/toggle", ""), 404, "not_found_error");
        AdminFixture.error(admin.asAdmin("PUT", "/admin/keys/none", "{\"enabled\":true}"), 404, "not_found_error");
        AdminFixture.error(admin.asAdmin("PUT", "/admin/keys/none", "{}"), 404, "not_found_error");
        for (String path :
                List.of("/admin", "/admin/nothing", "/admin/accounts/", "/admin/accounts/a/b", "/admin//keys")) {
            AdminFixture.error(admin.asAdmin("GET", path, ""), 404, "not_found_error");
        }
    }

    @Test
    void anotherMethodIsToldWhichAreAllowed() {
        assertAllowed("PATCH", "/admin/accounts", "GET, POST");
        assertAllowed("POST", "/admin/accounts/x", "DELETE, GET, PUT");
        assertAllowed("GET", "/admin/accounts/x/toggle", "POST");
        assertAllowed("get", "/admin/keys", "GET, POST");
        assertAllowed("GET", "/admin/login", "POST");
    }

    @Test
    void answersAreNotKeptByCaches() {
        for (AdminResponse response : List.of(
                admin.asAdmin("GET", "/admin/keys", ""),
                admin.asAdmin("POST", "/admin/keys", "{\"name\":\"k\"}"),
                admin.asAdmin("GET", "/admin/nothing", ""))) {
            assertThat(response.headers())
                    .containsEntry("cache-control", "no-store")
                    .containsEntry("content-type", "application/json");
        }
    }

    @Test
    void textsOfEveryScriptAreKept() {
        byte[] body = "{\"name\":\"鍵 ünïcode 😀\",\"apiKey\":\"k\"}".getBytes(StandardCharsets.UTF_8);
        AdminResponse response = admin.api.handle(new AdminRequest(
                "POST", "/admin/accounts", "", Optional.of("Bearer " + admin.token()), body, "192.0.2.1"));
        assertThat(AdminFixture.object(response).string("name")).contains("鍵 ünïcode 😀");
    }

    private void assertAllowed(String method, String path, String allowed) {
        AdminResponse response = admin.asAdmin(method, path, "");
        AdminFixture.error(response, 405, "invalid_request_error");
        assertThat(response.headers()).containsEntry("allow", allowed);
    }

    private String refusal(String method, String path, String body) {
        return AdminFixture.error(admin.asAdmin(method, path, body), 400, "invalid_request_error");
    }

    private String create(String name) {
        String body = JsonObject.empty()
                .with("name", name)
                .with("apiKey", "sk-test-" + name)
                .toString();
        return AdminFixture.object(admin.asAdmin("POST", "/admin/accounts", body))
                .string("id")
                .orElseThrow();
    }
}
