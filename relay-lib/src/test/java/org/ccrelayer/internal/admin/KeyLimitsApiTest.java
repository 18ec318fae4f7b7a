package org.ccrelayer.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.internal.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits of relay keys over HTTP: given, shown, changed and refused. */
class KeyLimitsApiTest {
    private static final String ALL_FIELDS = "\"concurrencyLimit\":3,\"rateLimitWindow\":60,\"rateLimitRequests\":100,"
            + "\"rateLimitTokens\":1000000000000000,\"rateLimitCost\":0.000000001,\"dailyCostLimit\":12.5,"
            + "\"totalCostLimit\":1000000000,\"weeklyCostLimit\":50.25,\"weeklyCostScope\":\"sonnet\","
            + "\"weeklyResetDay\":7,\"weeklyResetHour\":23,\"timezoneOffset\":-12,\"budgetMode\":\"strict\","
            + "\"modelsAllowed\":[\"m1\",\"m2\"],\"modelsDenied\":[\"m3\"]";

    private static final KeyLimits ALL = new KeyLimits(
            3,
            new RateLimit(60, 100, 1_000_000_000_000_000L, 1),
            new Budgets(
                    BudgetMode.STRICT,
                    12_500_000_000L,
                    1_000_000_000_000_000_000L,
                    new Budgets.Weekly(50_250_000_000L, "sonnet", 7, 23),
                    -12),
            Set.of("m1", "m2"),
            Set.of("m3"));

    /** What takes each limit away. */
    private static final Map<String, String> NOTHING = Map.ofEntries(
            Map.entry("concurrencyLimit", "0"),
            Map.entry("rateLimitRequests", "0"),
            Map.entry("rateLimitTokens", "0"),
            Map.entry("rateLimitCost", "0"),
            Map.entry("dailyCostLimit", "0"),
            Map.entry("totalCostLimit", "0"),
            Map.entry("weeklyCostLimit", "0"),
            Map.entry("weeklyCostScope", "\"all\""),
            Map.entry("weeklyResetDay", "1"),
            Map.entry("weeklyResetHour", "0"),
            Map.entry("timezoneOffset", "null"),
            Map.entry("budgetMode", "\"standard\""),
            Map.entry("modelsAllowed", "[]"),
            Map.entry("modelsDenied", "[]"));

    private final AdminFixture admin = new AdminFixture();

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void everyFieldIsKeptAndShownAsItWasGiven() {
        String id = create("\"name\":\"k\",\"expiresAt\":\"2027-01-01T00:00:00Z\",\"activationDays\":30," + ALL_FIELDS);
        ApiKey kept = kept(id);
        assertThat(kept.limits()).isEqualTo(ALL);
        assertThat(kept.activation().days()).isEqualTo(30);
        assertThat(AdminFixture.text(admin.asAdmin("GET", "/admin/keys", "")))
                .isEqualTo("[{\"id\":\"" + id + "\",\"name\":\"k\",\"enabled\":true," + ALL_FIELDS
                        + ",\"boundAccount\":null,\"boundGroup\":null,\"mayLeave\":false,\"contentAffinity\":true"
                        + ",\"createdAt\":\"2026-11-22T10:00:00Z\",\"expiresAt\":\"2027-01-01T00:00:00Z\","
                        + "\"activationDays\":30,\"activationHours\":0,\"activatedAt\":null,\"permissions\":[],"
                        + "\"allowedClients\":[],\"serviceRates\":{}}]");
    }

    @Test
    void everyFieldIsKeptWhenItIsChanged() {
        String id = create("\"name\":\"k\"");
        JsonObject changed = change(id, "\"name\":\"new\",\"enabled\":false,\"activationDays\":3650," + ALL_FIELDS);
        assertThat(changed.string("name")).contains("new");
        assertThat(changed.toString()).contains(ALL_FIELDS);
        ApiKey kept = kept(id);
        assertThat(kept.limits()).isEqualTo(ALL);
        assertThat(kept.name()).isEqualTo("new");
        assertThat(kept.enabled()).isFalse();
        assertThat(kept.activation().days()).isEqualTo(3650);
    }

    @Test
    void aChangeOfOneFieldLeavesTheOthers() {
        for (Map.Entry<String, String> field : NOTHING.entrySet()) {
            String id = create("\"name\":\"k\",\"expiresAt\":\"2027-01-01T00:00:00Z\"," + ALL_FIELDS);
            JsonObject before = shown(id);
            JsonObject after = change(id, "\"" + field.getKey() + "\":" + field.getValue());
            assertThat(after.get(field.getKey())).as(field.getKey()).isNotEqualTo(before.get(field.getKey()));
            for (String other : before.names()) {
                if (!other.equals(field.getKey())) {
                    assertThat(String.valueOf(after.get(other)))
                            .as(other + " after a change of " + field.getKey())
                            .isEqualTo(String.valueOf(before.get(other)));
                }
            }
        }
    }

    @Test
    void nullAndAbsenceLeaveEverything() {
        String id = create(
                "\"name\":\"k\",\"timezoneOffset\":3,\"dailyCostLimit\":1,\"expiresAt\":\"2027-01-01T00:00:00Z\"");
        ApiKey before = kept(id);
        change(id, "\"name\":null,\"dailyCostLimit\":null,\"expiresAt\":null,\"modelsAllowed\":null,\"enabled\":null");
        change(id, "");
        assertThat(kept(id)).isEqualTo(before);
    }

    @Test
    void aKeyIsGivenBackAsItIsShown() {
        String id = create("\"name\":\"k\"," + ALL_FIELDS);
        ApiKey before = kept(id);
        JsonObject shown = shown(id);
        JsonObject body = JsonObject.empty();
        for (String field : shown.names()) {
            body = Set.of("id", "createdAt", "activatedAt").contains(field) ? body : body.with(field, shown.get(field));
        }
        admin.asAdmin("PUT", "/admin/keys/" + id, body.toString());
        assertThat(kept(id)).isEqualTo(before);
    }

    @Test
    void theLifeOfAKeyIsChanged() {
        String id = create("\"name\":\"k\",\"expiresAt\":\"2027-01-01T00:00:00Z\"");
        change(id, "\"expiresAt\":\"2028-01-01T00:00:00Z\"");
        assertThat(kept(id).expiresAt()).isEqualTo("2028-01-01T00:00:00Z");
        change(id, "\"expiresAt\":\"\"");
        assertThat(kept(id).expiresAt()).isNull();
        assertThat(kept(create("\"name\":\"k\",\"expiresAt\":\"\"")).expiresAt())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "0.1, 100000000",
        "'\"0.1\"', 100000000",
        "'\"5\"', 5000000000",
        "5.00, 5000000000",
        "1e-9, 1",
        "1E3, 1000000000000",
        "0.123456789, 123456789",
        "0.1234567890, 123456789",
        "1000000000.000000000, 1000000000000000000",
        "-0, 0",
        "0e-999999999, 0",
        "0.30000000000000000, 300000000"
    })
    void amountsAreExact(String given, long nanoUsd) {
        String id = create("\"name\":\"k\",\"dailyCostLimit\":" + given);
        assertThat(kept(id).limits().budgets().dailyNanoUsd()).isEqualTo(nanoUsd);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-0.01",
                "-1",
                "0.0000000001",
                "1000000000.000000001",
                "1e10",
                "1e999999999",
                "1e-999999999",
                "\"\"",
                "\"1 USD\"",
                "\"1e3\"",
                "\"-1\"",
                "\" 1\"",
                "\".5\"",
                "\"１\"",
                "true",
                "[]",
                "{}"
            })
    void anAmountThatIsNoneIsRefused(String amount) {
        for (String field :
                Set.of("rateLimitCost", "dailyCostLimit", "totalCostLimit", "weeklyCostLimit", "weeklyOpusCostLimit")) {
            assertThat(refusal("POST", "/admin/keys", "\"name\":\"k\",\"" + field + "\":" + amount))
                    .isEqualTo(
                            field + ": must be an amount of US dollars from 0 to 1000000000 with at most 9 decimals");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "concurrencyLimit, 0, 100000",
        "rateLimitWindow, 0, 525600",
        "rateLimitRequests, 0, 1000000000000000",
        "rateLimitTokens, 0, 1000000000000000",
        "weeklyResetDay, 1, 7",
        "weeklyResetHour, 0, 23",
        "timezoneOffset, -12, 14",
        "activationDays, 0, 3650"
    })
    void aNumberHasBounds(String field, long least, long most) {
        String id = create("\"name\":\"k\",\"rateLimitWindow\":1");
        for (long value : new long[] {least, most}) {
            assertThat(change(id, "\"" + field + "\":" + value).integer(field)).contains(value);
        }
        change(id, "\"rateLimitWindow\":1");
        String problem = field + ": must be a whole number from " + least + " to " + most;
        for (String value : Set.of("" + (least - 1), "" + (most + 1), "-9223372036854775808", "9223372036854775807")) {
            assertThat(refusal("PUT", "/admin/keys/" + id, "\"" + field + "\":" + value))
                    .isEqualTo(problem);
            assertThat(refusal("POST", "/admin/keys", "\"name\":\"k\",\"" + field + "\":" + value))
                    .isEqualTo(problem);
        }
        assertThat(refusal("PUT", "/admin/keys/" + id, "\"" + field + "\":1.5"))
                .isEqualTo(field + ": must be a whole number");
        assertThat(refusal("PUT", "/admin/keys/" + id, "\"" + field + "\":1e99"))
                .isEqualTo(field + ": must be a whole number");
        assertThat(refusal("PUT", "/admin/keys/" + id, "\"" + field + "\":\"1\""))
                .isEqualTo(field + ": must be a number");
    }

    @Test
    void everyProblemIsToldAtOnce() {
        assertThat(
                        refusal(
                                "POST",
                                "/admin/keys",
                                "\"concurencyLimit\":1,\"rateLimitWindow\":-1,\"rateLimitRequests\":5,\"dailyCostLimit\":-1,"
                                        + "\"weeklyCostScope\":\"Opus\",\"budgetMode\":\"STRICT\",\"modelsDenied\":[1],"
                                        + "\"modelsAllowed\":[\"\"],\"expiresAt\":\"2020-01-01T00:00:00Z\",\"activationDays\":-1"))
                .contains("concurencyLimit: is unknown, did you mean concurrencyLimit?")
                .contains("name: is required")
                .contains("rateLimitWindow: must be a whole number from 0 to 525600")
                .contains("dailyCostLimit: must be an amount")
                .contains(
                        "weeklyCostScope: must be all or a family of the price file in lower case: haiku, opus, sonnet")
                .contains("budgetMode: must be standard, strict or shadow")
                .contains("modelsDenied: must be a list of strings")
                .contains("modelsAllowed: each must be 1 to 256 characters without control characters")
                .contains("expiresAt: must be later than now")
                .contains("activationDays: must be a whole number from 0 to 3650")
                .doesNotContain("STRICT");
        assertThat(admin.store.apiKeys().list()).isEmpty();
    }

    @Test
    void aRateNeedsAWindowAfterTheChange() {
        for (String field : Set.of("rateLimitRequests", "rateLimitTokens", "rateLimitCost")) {
            String problem = "rateLimitWindow: must be 1 minute or more where " + field + " is limited";
            assertThat(refusal("POST", "/admin/keys", "\"name\":\"k\",\"" + field + "\":1"))
                    .isEqualTo(problem);
            String id = create("\"name\":\"k\",\"rateLimitWindow\":5");
            change(id, "\"" + field + "\":1");
            assertThat(refusal("PUT", "/admin/keys/" + id, "\"rateLimitWindow\":0,\"concurrencyLimit\":9"))
                    .isEqualTo(problem);
            assertThat(kept(id).limits().concurrency()).isZero();
            change(id, "\"rateLimitWindow\":0,\"" + field + "\":0");
            assertThat(kept(id).limits().rate()).isEqualTo(RateLimit.NONE);
        }
    }

    @Test
    void aStrictModeNeedsABudgetAfterTheChange() {
        String problem =
                "budgetMode: strict needs a budget: dailyCostLimit, weeklyCostLimit or totalCostLimit must be above 0";
        assertThat(refusal("POST", "/admin/keys", "\"name\":\"k\",\"budgetMode\":\"strict\""))
                .isEqualTo(problem);
        for (String field : Set.of("dailyCostLimit", "totalCostLimit", "weeklyCostLimit", "weeklyOpusCostLimit")) {
            String id = create("\"name\":\"k\",\"budgetMode\":\"strict\",\"" + field + "\":1");
            assertThat(refusal("PUT", "/admin/keys/" + id, "\"" + field + "\":0"))
                    .isEqualTo(problem);
            change(id, "\"budgetMode\":\"shadow\",\"" + field + "\":0");
            assertThat(kept(id).limits().budgets().mode()).isEqualTo(BudgetMode.SHADOW);
        }
    }

    @Test
    void anOpusBudgetIsAWeeklyBudgetOfThatScope() {
        String id = create("\"name\":\"k\",\"weeklyOpusCostLimit\":2.5");
        assertThat(kept(id).limits().budgets().weekly()).isEqualTo(new Budgets.Weekly(2_500_000_000L, "opus", 1, 0));
        change(id, "\"weeklyOpusCostLimit\":0");
        assertThat(kept(id).limits().budgets().weekly().nanoUsd()).isZero();
        change(id, "\"weeklyCostLimit\":9,\"weeklyCostScope\":\"all\"");
        change(id, "\"weeklyOpusCostLimit\":0");
        assertThat(kept(id).limits().budgets().weekly()).isEqualTo(new Budgets.Weekly(9_000_000_000L, "all", 1, 0));
        change(id, "\"weeklyOpusCostLimit\":\"3\"");
        assertThat(kept(id).limits().budgets().weekly()).isEqualTo(new Budgets.Weekly(3_000_000_000L, "opus", 1, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"weeklyCostLimit\":1",
                "\"weeklyCostLimit\":0",
                "\"weeklyCostScope\":\"opus\"",
                "\"weeklyCostScope\":\"all\",\"weeklyCostLimit\":1"
            })
    void anOpusBudgetBesideAWeeklyOneIsRefused(String other) {
        assertThat(refusal("POST", "/admin/keys", "\"name\":\"k\",\"weeklyOpusCostLimit\":1," + other))
                .startsWith("weeklyOpusCostLimit: ")
                .contains("give either this one or weeklyCostLimit and weeklyCostScope");
        String id = create("\"name\":\"k\"");
        assertThat(refusal("PUT", "/admin/keys/" + id, "\"weeklyOpusCostLimit\":1," + other))
                .startsWith("weeklyOpusCostLimit: ");
    }

    @Test
    void daysThatBeginWithTheFirstUseAreShown() {
        String id = create("\"name\":\"k\",\"activationDays\":2");
        Instant firstUse = admin.time.instant().plusSeconds(5);
        admin.store.apiKeys().update(id, key -> key.activatedAt(firstUse));
        JsonObject shown = shown(id);
        assertThat(shown.string("activatedAt")).contains("2026-11-22T10:00:05Z");
        assertThat(shown.string("expiresAt")).contains("2026-11-24T10:00:05Z");
        assertThat(change(id, "\"activationDays\":3").string("expiresAt")).contains("2026-11-25T10:00:05Z");
    }

    private String create(String members) {
        AdminResponse response = admin.asAdmin("POST", "/admin/keys", "{" + members + "}");
        assertThat(response.status()).as(AdminFixture.text(response)).isEqualTo(201);
        return AdminFixture.object(response).string("id").orElseThrow();
    }

    private JsonObject change(String id, String members) {
        AdminResponse response = admin.asAdmin("PUT", "/admin/keys/" + id, "{" + members + "}");
        assertThat(response.status()).as(AdminFixture.text(response)).isEqualTo(200);
        return AdminFixture.object(response);
    }

    private JsonObject shown(String id) {
        return AdminFixture.list(admin.asAdmin("GET", "/admin/keys", "")).stream()
                .filter(json -> json.string("id").orElseThrow().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private ApiKey kept(String id) {
        return admin.store.apiKeys().find(id).orElseThrow();
    }

    private String refusal(String method, String path, String members) {
        return AdminFixture.error(admin.asAdmin(method, path, "{" + members + "}"), 400, "invalid_request_error");
    }
}
