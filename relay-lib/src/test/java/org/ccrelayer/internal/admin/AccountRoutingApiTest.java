package org.ccrelayer.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.internal.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests accounts take, over HTTP: given, shown, changed and refused. */
class AccountRoutingApiTest {
    private static final String ALL_FIELDS =
            "\"modelsDenied\":[\"m1\",\"m2\"],\"modelMap\":{\"a\":\"up-a\",\"b\":\"up b\"},"
                    + "\"concurrencyLimit\":7,\"weight\":100,\"groups\":[\"Team.A\",\"b_2-c\"],\"dedicated\":true,"
                    + "\"workspace\":\"w-1\",\"autoStopOnWarning\":true";

    private static final AccountRouting ALL = new AccountRouting(
            Set.of("m1", "m2"), Map.of("a", "up-a", "b", "up b"), 7, 100, Set.of("Team.A", "b_2-c"), true, "w-1", true);

    /** What takes each rule away. */
    private static final Map<String, String> NOTHING = Map.of(
            "modelsDenied", "[]",
            "modelMap", "{}",
            "concurrencyLimit", "0",
            "weight", "1",
            "groups", "[]",
            "dedicated", "false",
            "workspace", "\"\"",
            "autoStopOnWarning", "false");

    private final AdminFixture admin = new AdminFixture();

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void everyFieldIsKeptAndShownAsItWasGiven() {
        String id = create(ALL_FIELDS);
        assertThat(kept(id).routing()).isEqualTo(ALL);
        assertThat(AdminFixture.text(admin.asAdmin("GET", "/admin/accounts", "")))
                .contains("\"models\":[]," + ALL_FIELDS + ",\"createdAt\"");
    }

    @Test
    void everyFieldIsKeptWhenItIsChanged() {
        String id = create("\"priority\":9");
        assertThat(kept(id).routing()).isEqualTo(AccountRouting.DEFAULT);
        assertThat(change(id, ALL_FIELDS).toString()).contains(ALL_FIELDS);
        assertThat(kept(id).routing()).isEqualTo(ALL);
        assertThat(kept(id).priority()).isEqualTo(9);
    }

    @Test
    void aChangeOfOneFieldLeavesTheOthers() {
        for (Map.Entry<String, String> field : NOTHING.entrySet()) {
            String id = create(ALL_FIELDS);
            JsonObject before = change(id, "");
            JsonObject after = change(id, "\"" + field.getKey() + "\":" + field.getValue());
            assertThat(text(after, field.getKey())).as(field.getKey()).isNotEqualTo(text(before, field.getKey()));
            for (String other : before.names()) {
                if (!other.equals(field.getKey())) {
                    assertThat(text(after, other))
                            .as(other + " after a change of " + field.getKey())
                            .isEqualTo(text(before, other));
                }
            }
        }
    }

    @Test
    void everyRuleIsTakenAwayAgain() {
        String id = create(ALL_FIELDS);
        String nothing = NOTHING.entrySet().stream()
                .map(field -> "\"" + field.getKey() + "\":" + field.getValue())
                .collect(Collectors.joining(","));
        change(id, nothing);
        assertThat(kept(id).routing()).isEqualTo(AccountRouting.DEFAULT);
        assertThat(kept(create(nothing)).routing()).isEqualTo(AccountRouting.DEFAULT);
    }

    @Test
    void nullAbsenceAndAToggleLeaveEverything() {
        String id = create(ALL_FIELDS);
        change(
                id,
                NOTHING.keySet().stream().map(field -> "\"" + field + "\":null").collect(Collectors.joining(",")));
        change(id, "");
        admin.asAdmin("POST", "/admin/accounts/" + id + "/toggle", "");
        assertThat(kept(id).routing()).isEqualTo(ALL);
        assertThat(kept(id).schedulable()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"concurrencyLimit, 0, 100000", "weight, 1, 100"})
    void aNumberHasBounds(String field, long least, long most) {
        String id = create("");
        for (long value : new long[] {least, most}) {
            assertThat(change(id, "\"" + field + "\":" + value).integer(field)).contains(value);
        }
        String problem = field + ": must be a whole number from " + least + " to " + most;
        for (String value : Set.of("" + (least - 1), "" + (most + 1), "-9223372036854775808", "9223372036854775807")) {
            assertRefused("\"" + field + "\":" + value, problem);
        }
        assertRefused("\"" + field + "\":1.5", field + ": must be a whole number");
        assertRefused("\"" + field + "\":\"1\"", field + ": must be a number");
    }

    @Test
    void modelsAreNamedAsElsewhere() {
        String problem = "modelsDenied: each must be 1 to 256 characters without control characters";
        create("\"modelsDenied\":[\"" + "m".repeat(256) + "\"]");
        assertRefused("\"modelsDenied\":[\"m\",\"\"]", problem);
        assertRefused("\"modelsDenied\":[\"" + "m".repeat(257) + "\"]", problem);
        assertRefused("\"modelsDenied\":\"m\"", "modelsDenied: must be a list");
    }

    @Test
    void aMapOfModelsHasNamesOnBothSides() {
        String longest = "m".repeat(256);
        create("\"modelMap\":{\"" + longest + "\":\"" + longest + "\"}");
        String problem = "modelMap: each model and each name must be 1 to 256 characters without control characters";
        for (String bad : Set.of("", " ", longest + "m", "a\\nb", "a\\u2028")) {
            assertRefused("\"modelMap\":{\"ok\":\"ok\",\"" + bad + "\":\"x\"}", problem);
            assertRefused("\"modelMap\":{\"ok\":\"ok\",\"x\":\"" + bad + "\"}", problem);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":null}", "{\"a\":1}", "{\"a\":[\"b\"]}", "{\"a\":{}}"})
    void aMapOfModelsLeadsToTexts(String map) {
        assertRefused("\"modelMap\":" + map, "modelMap: must be an object whose values are strings");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"a\"", "true"})
    void aMapOfModelsIsAnObject(String map) {
        assertRefused("\"modelMap\":" + map, "modelMap: must be an object");
    }

    @Test
    void aMapOfModelsHasAtMostTwoHundredEntries() {
        assertThat(kept(create("\"modelMap\":" + map(200))).routing().modelMap())
                .hasSize(200)
                .containsEntry("m7", "u7");
        assertRefused("\"modelMap\":" + map(201), "modelMap: must have at most 200 entries");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a b", "a/b", "é", "a\\n", "a,b", "ａ"})
    void groupsAndWorkspacesHavePlainNames(String name) {
        String problem = "must be 1 to 100 of the characters A-Z a-z 0-9 . _ -";
        assertRefused("\"groups\":[\"ok\",\"" + name + "\"]", "groups: each " + problem);
        assertRefused("\"workspace\":\"" + name + "\"", "workspace: " + problem);
    }

    @Test
    void groupsAndWorkspacesAreBounded() {
        String longest = "g".repeat(100);
        create("\"groups\":[\"" + longest + "\"],\"workspace\":\"" + longest + "\"");
        String problem = "must be 1 to 100 of the characters A-Z a-z 0-9 . _ -";
        assertRefused("\"groups\":[\"\"]", "groups: each " + problem);
        assertRefused("\"groups\":[\"" + longest + "g\"]", "groups: each " + problem);
        assertRefused("\"workspace\":\"" + longest + "g\"", "workspace: " + problem);
        assertThat(kept(create("\"groups\":" + groups(50))).routing().groups()).hasSize(50);
        assertRefused("\"groups\":" + groups(51), "groups: must have at most 50 entries");
        assertRefused("\"groups\":[1]", "groups: must be a list of strings");
        assertRefused("\"workspace\":1", "workspace: must be a string");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dedicated", "autoStopOnWarning"})
    void aSwitchIsTrueOrFalse(String field) {
        assertRefused("\"" + field + "\":\"true\"", field + ": must be true or false");
        assertRefused("\"" + field + "\":1", field + ": must be true or false");
    }

    @Test
    void everyProblemIsToldAtOnce() {
        assertRefused(
                "\"priority\":0,\"modelsDenied\":[\"\"],\"modelMap\":{\"\":\"x\"},\"concurrencyLimit\":-1,\"weight\":0,"
                        + "\"groups\":[\"\"],\"dedicated\":1,\"workspace\":\"a b\",\"autoStopOnWarning\":0,\"wieght\":1",
                "wieght: is unknown, did you mean weight?",
                "priority: must be 1 to 100",
                "modelsDenied: each must be",
                "modelMap: each model",
                "concurrencyLimit: must be a whole number from 0 to 100000",
                "weight: must be a whole number from 1 to 100",
                "groups: each must be",
                "dedicated: must be true or false",
                "workspace: must be 1 to 100",
                "autoStopOnWarning: must be true or false");
    }

    private static String map(int size) {
        return IntStream.range(0, size)
                .mapToObj(number -> "\"m" + number + "\":\"u" + number + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String groups(int size) {
        return IntStream.range(0, size)
                .mapToObj(number -> "\"g" + number + "\"")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String text(JsonObject json, String field) {
        return String.valueOf(json.get(field));
    }

    /** Refused when an account is created and when it is changed, which then stays as it is. */
    private void assertRefused(String members, String... problems) {
        String id = create(ALL_FIELDS);
        int accounts = admin.store.accounts().list().size();
        String toCreate = refusal("POST", "/admin/accounts", "\"name\":\"a\",\"apiKey\":\"k\"," + members);
        String toChange = refusal("PUT", "/admin/accounts/" + id, members);
        if (problems.length == 1) {
            assertThat(toCreate).isEqualTo(problems[0]);
            assertThat(toChange).isEqualTo(problems[0]);
        }
        assertThat(toCreate).contains(problems);
        assertThat(toChange).contains(problems);
        assertThat(kept(id).routing()).isEqualTo(ALL);
        assertThat(admin.store.accounts().list()).hasSize(accounts);
    }

    private String create(String members) {
        String given = members.isEmpty() ? "" : "," + members;
        AdminResponse response =
                admin.asAdmin("POST", "/admin/accounts", "{\"name\":\"a\",\"apiKey\":\"k\"" + given + "}");
        assertThat(response.status()).as(AdminFixture.text(response)).isEqualTo(201);
        return AdminFixture.object(response).string("id").orElseThrow();
    }

    private JsonObject change(String id, String members) {
        AdminResponse response = admin.asAdmin("PUT", "/admin/accounts/" + id, "{" + members + "}");
        assertThat(response.status()).as(AdminFixture.text(response)).isEqualTo(200);
        return AdminFixture.object(response);
    }

    private Account kept(String id) {
        return admin.store.accounts().find(id).orElseThrow();
    }

    private String refusal(String method, String path, String members) {
        return AdminFixture.error(admin.asAdmin(method, path, "{" + members + "}"), 400, "invalid_request_error");
    }
}
