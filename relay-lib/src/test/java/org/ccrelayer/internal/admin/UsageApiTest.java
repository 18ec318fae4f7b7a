package org.ccrelayer.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the administration API tells of usage. */
class UsageApiTest {
    private static final Tokens USED = new Tokens(1_000, 200, 300, 40, 5_000);
    private static final String FIGURES = "\"inputTokens\":1000,\"outputTokens\":200,\"cacheWrite5mTokens\":300,"
            + "\"cacheWrite1hTokens\":40,\"cacheReadTokens\":5000,\"costUsd\":0.00541,\"countedUsd\":0.00541";

    private final AdminFixture admin = new AdminFixture();

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void everythingIsToldWhereNothingIsAskedFor() {
        book("x-1", "k1", "a1", "model-a", Samples.START);
        book("y-1", "k2", "a2", "model-b", Samples.START.plus(Duration.ofHours(15)));
        JsonObject json = usage("");
        assertThat(json.toString())
                .isEqualTo("{\"subject\":{\"kind\":\"everything\"},\"requests\":2,\"inputTokens\":2000,"
                        + "\"outputTokens\":400,\"cacheWrite5mTokens\":600,\"cacheWrite1hTokens\":80,"
                        + "\"cacheReadTokens\":10000,\"costUsd\":0.01082,\"countedUsd\":0.01082,"
                        + "\"hours\":[{\"hour\":\"2026-11-22:10\",\"requests\":1," + FIGURES + "},"
                        + "{\"hour\":\"2026-11-23:01\",\"requests\":1," + FIGURES + "}],"
                        + "\"days\":[{\"day\":\"2026-11-22\",\"requests\":1," + FIGURES + "},"
                        + "{\"day\":\"2026-11-23\",\"requests\":1," + FIGURES + "}],"
                        + "\"months\":[{\"month\":\"2026-11\",\"requests\":2,\"inputTokens\":2000,\"outputTokens\":400,"
                        + "\"cacheWrite5mTokens\":600,\"cacheWrite1hTokens\":80,\"cacheReadTokens\":10000,"
                        + "\"costUsd\":0.01082,\"countedUsd\":0.01082}]}");
        assertThat(usage("?")).hasToString(json.toString());
    }

    @Test
    void anAccountAndAModelAreToldWithoutTheRest() {
        book("x-1", "k1", "a1", "model-a", Samples.START);
        book("y-1", "k2", "a2", "vendor/model b+c", Samples.START);
        JsonObject account = usage("?account=a1");
        assertThat(account.object("subject").orElseThrow()).hasToString("{\"kind\":\"account\",\"id\":\"a1\"}");
        assertThat(account.integer("requests")).contains(1L);
        assertThat(account.names()).doesNotContain("models", "limits");
        for (String spelling : List.of("vendor/model+b%2Bc", "vendor%2fmodel%20b%2bc&")) {
            JsonObject model = usage("?model=" + spelling);
            assertThat(model.object("subject").orElseThrow())
                    .hasToString("{\"kind\":\"model\",\"id\":\"vendor/model b+c\"}");
            assertThat(model.integer("requests")).contains(1L);
        }
    }

    @Test
    void aModelThatNobodyUsedHasUsedNothing() {
        JsonObject model = usage("?model=none");
        assertThat(model.integer("requests")).contains(0L);
        assertThat(model.get("costUsd")).hasToString("0");
        assertThat(model.array("hours")).isEmpty();
    }

    @Test
    void aKeyIsToldByModelAndAgainstItsLimitsAsTheDocumentationShows() throws IOException {
        String id = createKey("{\"name\":\"k\",\"concurrencyLimit\":4,\"rateLimitWindow\":60,\"rateLimitRequests\":100,"
                + "\"dailyCostLimit\":12.5,\"weeklyOpusCostLimit\":50}");
        claim(id, "x");
        book("x-1", id, "a1", "claude-sonnet-5-5", Samples.START);
        admin.store.limits().release(new Lease(id, "x"), false);
        String documented = JsonObject.parse(example().getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("6f2a4c1e-0000-4000-8000-000000000001", id);
        assertThat(usage("?key=" + id)).hasToString(documented);
    }

    private static String example() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "administration.md"));
        int start = page.indexOf("```json\n") + "```json\n".length();
        return page.substring(start, page.indexOf("```", start));
    }

    @Test
    void whatRunsAndWhatIsReservedIsTold() {
        String id = createKey("{\"name\":\"k\",\"concurrencyLimit\":4,\"dailyCostLimit\":1,\"budgetMode\":\"strict\"}");
        claim(id, "x");
        JsonObject limits = usage("?key=" + id).object("limits").orElseThrow();
        assertThat(limits.object("concurrency").orElseThrow()).hasToString("{\"limit\":4,\"current\":1}");
        assertThat(limits.get("reservedUsd")).hasToString("0.25");
        assertThat(limits.string("budgetMode")).contains("strict");
    }

    @Test
    void whatAShadowBudgetWouldHaveRefusedIsTold() {
        String id = createKey("{\"name\":\"k\",\"totalCostLimit\":\"0.005\",\"budgetMode\":\"shadow\"}");
        claim(id, "x");
        book("x-1", id, "a1", "claude-sonnet-5-5", Samples.START);
        claim(id, "y");
        JsonObject limits = usage("?key=" + id).object("limits").orElseThrow();
        assertThat(limits.integer("shadowRefused")).contains(1L);
        assertThat(limits.object("total").orElseThrow()).hasToString("{\"limitUsd\":0.005,\"spentUsd\":0.00541}");
    }

    @Test
    void theDaysOfAKeyBeginInItsOwnZone() {
        String body = "{\"name\":\"k\",\"dailyCostLimit\":1,\"timezoneOffset\":";
        String here = createKey(body + "null}");
        String east = createKey(body + "14}");
        for (String id : List.of(here, east)) {
            // 10 o'clock is the first minute of another day 14 hours to the east; a minute before is the day before
            // there.
            book(id + "-1", id, "a1", "model-a", Instant.parse("2026-11-22T09:59:00Z"));
        }
        assertThat(daily(here)).hasToString("{\"limitUsd\":1,\"spentUsd\":0.00541}");
        assertThat(daily(east)).hasToString("{\"limitUsd\":1,\"spentUsd\":0}");
    }

    private JsonObject daily(String id) {
        return usage("?key=" + id)
                .object("limits")
                .orElseThrow()
                .object("daily")
                .orElseThrow();
    }

    @Test
    void usageOutlivesItsKeyAndItsAccount() {
        String id = createKey("{\"name\":\"k\"}");
        book("x-1", id, "a-gone", "model-a", Samples.START);
        admin.asAdmin("DELETE", "/admin/keys/" + id, "");
        JsonObject json = usage("?key=" + id);
        assertThat(json.integer("requests")).contains(1L);
        assertThat(json.array("models")).hasSize(1);
        assertThat(json.names()).contains("limits");
        assertThat(json.has("limits")).isFalse();
        assertThat(usage("?account=a-gone").integer("requests")).contains(1L);
    }

    @Test
    void anIdThatIsKnownIsToldBeforeItIsUsed() {
        assertThat(usage("?key=" + createKey("{\"name\":\"k\"}")).integer("requests"))
                .contains(0L);
        String account = AdminFixture.object(
                        admin.asAdmin("POST", "/admin/accounts", "{\"name\":\"first\",\"apiKey\":\"sk-test-1\"}"))
                .string("id")
                .orElseThrow();
        assertThat(usage("?account=" + account).integer("requests")).contains(0L);
    }

    @Test
    void anIdThatNobodyKnowsIsNotFound() {
        assertThat(AdminFixture.error(admin.asAdmin("GET", "/admin/usage?key=none", ""), 404, "not_found_error"))
                .contains("There is no relay key with this id. GET /admin/keys lists all.");
        assertThat(AdminFixture.error(admin.asAdmin("GET", "/admin/usage?account=none", ""), 404, "not_found_error"))
                .contains("There is no account with this id. GET /admin/accounts lists all.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "acount=1|acount: is unknown, did you mean account? (known are key, account, model)",
                "Key=1|Key: is unknown, did you mean key?",
                "sk%20secret=1|(a name): is unknown (known are",
                "key=1&account=2|key, account: only one of them can be asked for at a time",
                "model=m&key=1|model, key: only one of them can be asked for at a time",
                "key=1&key=2|key: must be given once",
                "key=|key: must be one or more characters without control characters",
                "key|key: must be one or more characters without control characters",
                "model=a%00h|model: must be one or more characters without control characters",
                "key=%zz|The query must be percent-encoded UTF-8.",
                "key=%ff|The query must be percent-encoded UTF-8.",
            })
    void aQueryThatIsWrongIsRefusedWithItsRemedy(String query, String problem) {
        assertThat(AdminFixture.error(admin.asAdmin("GET", "/admin/usage?" + query, ""), 400, "invalid_request_error"))
                .contains(problem)
                .doesNotContain("secret");
    }

    @Test
    void aQueryWithoutEndIsRefused() {
        String query = "?key=" + "x".repeat(5_000);
        assertThat(AdminFixture.error(admin.asAdmin("GET", "/admin/usage" + query, ""), 400, "invalid_request_error"))
                .isEqualTo("The query must have at most 4096 characters.");
    }

    private JsonObject usage(String query) {
        AdminResponse response = admin.asAdmin("GET", "/admin/usage" + query, "");
        assertThat(response.status()).as(AdminFixture.text(response)).isEqualTo(200);
        return AdminFixture.object(response);
    }

    private String createKey(String body) {
        return AdminFixture.object(admin.asAdmin("POST", "/admin/keys", body))
                .string("id")
                .orElseThrow();
    }

    private void claim(String keyId, String exchangeId) {
        ApiKey key = admin.store.apiKeys().find(keyId).orElseThrow();
        admin.store
                .limits()
                .claim(new Claim(
                        new Lease(keyId, exchangeId),
                        key.limits(),
                        ZoneOffset.UTC,
                        "sonnet",
                        250_000_000,
                        Duration.ofMinutes(5)));
    }

    private void book(String id, String keyId, String accountId, String model, Instant at) {
        Samples.book(
                admin.store.usage(),
                new UsageRecord(
                        id,
                        id.substring(0, id.length() - 2),
                        keyId,
                        accountId,
                        model,
                        "sonnet",
                        UsageRecord.State.FINAL,
                        USED,
                        0,
                        5_410_000,
                        0,
                        false,
                        at,
                        at,
                        at));
    }
}
