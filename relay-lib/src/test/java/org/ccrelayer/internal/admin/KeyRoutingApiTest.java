package org.ccrelayer.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyRouting;
import org.ccrelayer.internal.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the requests of relay keys may go, over HTTP: given, shown, changed and refused. */
class KeyRoutingApiTest {
    private static final String BOTH =
            "boundGroup: cannot be set together with boundAccount; set one of them, an empty text removes the other";
    private static final String UNKNOWN = "boundAccount: must be the id of an account; GET /admin/accounts lists all";

    private final AdminFixture admin = new AdminFixture();
    private final Account account =
            admin.administration.createAccount(NewAccount.apiKey("first", null, Secret.of("k")));

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void aKeyThatIsBoundToAnAccountIsKeptAndShown() {
        String fields = "\"boundAccount\":\"" + account.id()
                + "\",\"boundGroup\":null,\"mayLeave\":true,\"contentAffinity\":false";
        String id = create(fields);
        assertThat(kept(id).routing()).isEqualTo(new KeyRouting(account.id(), null, true, false));
        assertThat(shown(id).toString()).contains("\"modelsDenied\":[]," + fields + ",\"createdAt\"");
        String other = create("");
        assertThat(kept(other).routing()).isEqualTo(KeyRouting.ANY);
        assertThat(change(other, fields).toString()).contains(fields);
        assertThat(kept(other).routing()).isEqualTo(kept(id).routing());
    }

    @Test
    void aKeyThatIsBoundToAGroupIsKeptAndShown() {
        String longest = "G.g_0-" + "g".repeat(94);
        String fields = "\"boundGroup\":\"" + longest + "\",\"mayLeave\":false,\"contentAffinity\":true";
        String id = create(fields);
        assertThat(kept(id).routing()).isEqualTo(new KeyRouting(null, longest, false, true));
        assertThat(shown(id).toString()).contains("\"boundAccount\":null," + fields);
        assertThat(kept(changed(create(""), fields)).routing()).isEqualTo(kept(id).routing());
    }

    @Test
    void aChangeOfOneFieldLeavesTheOthers() {
        String id = create("\"boundAccount\":\"" + account.id()
                + "\",\"mayLeave\":true,\"contentAffinity\":false,\"concurrencyLimit\":3");
        KeyRouting bound = kept(id).routing();
        assertThat(kept(changed(id, "\"mayLeave\":false")).routing()).isEqualTo(bound.withMayLeave(false));
        assertThat(kept(changed(id, "\"mayLeave\":true")).routing()).isEqualTo(bound);
        assertThat(kept(changed(id, "\"contentAffinity\":true")).routing()).isEqualTo(bound.withContentAffinity(true));
        assertThat(kept(changed(id, "\"contentAffinity\":false")).routing()).isEqualTo(bound);
        assertThat(kept(changed(id, "\"boundAccount\":\"\"")).routing()).isEqualTo(bound.toAny());
        assertThat(kept(changed(id, "\"boundGroup\":\"g\"")).routing()).isEqualTo(bound.toGroup("g"));
        assertThat(kept(changed(id, "\"boundGroup\":\"\"")).routing()).isEqualTo(bound.toAny());
        assertThat(kept(id).limits().concurrency()).isEqualTo(3);
    }

    @Test
    void nullAndAbsenceLeaveEverything() {
        for (String fields : List.of("\"boundAccount\":\"" + account.id() + "\"", "\"boundGroup\":\"g\"")) {
            String id = create(fields + ",\"mayLeave\":true,\"contentAffinity\":false");
            ApiKey before = kept(id);
            change(id, "\"boundAccount\":null,\"boundGroup\":null,\"mayLeave\":null,\"contentAffinity\":null");
            change(id, "");
            change(id, "\"enabled\":true");
            assertThat(kept(id)).isEqualTo(before);
        }
    }

    @Test
    void aKeyIsBoundElsewhereInOneChange() {
        String id = create("\"boundAccount\":\"" + account.id() + "\"");
        change(id, "\"boundAccount\":\"\",\"boundGroup\":\"g\"");
        assertThat(kept(id).routing()).isEqualTo(KeyRouting.ANY.toGroup("g"));
        change(id, "\"boundAccount\":\"" + account.id() + "\",\"boundGroup\":\"\"");
        assertThat(kept(id).routing()).isEqualTo(KeyRouting.ANY.toAccount(account.id()));
        assertThat(kept(create("\"boundAccount\":\"\",\"boundGroup\":\"\"")).routing())
                .isEqualTo(KeyRouting.ANY);
    }

    @Test
    void aKeyIsNotBoundToAnAccountAndAGroup() {
        String toAccount = "\"boundAccount\":\"" + account.id() + "\"";
        String toGroup = "\"boundGroup\":\"g\"";
        assertThat(refusal("POST", "/admin/keys", "\"name\":\"k\"," + toAccount + "," + toGroup))
                .isEqualTo(BOTH);
        assertThat(refusal("PUT", "/admin/keys/" + create(""), toAccount + "," + toGroup))
                .isEqualTo(BOTH);
        String one = create(toAccount);
        assertThat(refusal("PUT", "/admin/keys/" + one, "\"mayLeave\":true," + toGroup))
                .isEqualTo(BOTH);
        assertThat(kept(one).routing()).isEqualTo(KeyRouting.ANY.toAccount(account.id()));
        String other = create(toGroup);
        assertThat(refusal("PUT", "/admin/keys/" + other, toAccount)).isEqualTo(BOTH);
        assertThat(kept(other).routing()).isEqualTo(KeyRouting.ANY.toGroup("g"));
    }

    @Test
    void aKeyThatIsBoundToAnUnknownAccountIsRefused() {
        String id = create("");
        for (String unknown : Set.of("none", account.id() + "0", " ", account.name())) {
            String field = "\"boundAccount\":\"" + unknown + "\"";
            assertThat(refusal("POST", "/admin/keys", "\"name\":\"k\"," + field))
                    .isEqualTo(UNKNOWN);
            assertThat(refusal("PUT", "/admin/keys/" + id, field)).isEqualTo(UNKNOWN);
        }
        assertThat(kept(id).routing()).isEqualTo(KeyRouting.ANY);
        assertThat(admin.store.apiKeys().list()).hasSize(1);
    }

    @Test
    void aKeyWhoseAccountIsGoneCanBeChanged() {
        String id = create("\"boundAccount\":\"" + account.id() + "\"");
        admin.administration.deleteAccount(account.id());
        JsonObject shown = change(id, "\"mayLeave\":true");
        assertThat(shown.string("boundAccount")).contains(account.id());
        change(id, "\"boundAccount\":\"" + account.id() + "\",\"contentAffinity\":false");
        assertThat(kept(id).routing()).isEqualTo(new KeyRouting(account.id(), null, true, false));
        change(id, "\"boundAccount\":\"\"");
        assertThat(refusal("PUT", "/admin/keys/" + id, "\"boundAccount\":\"" + account.id() + "\""))
                .isEqualTo(UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a b", "a/b", "é", "a\\n", "a,b"})
    void aGroupHasAPlainName(String name) {
        String problem = "boundGroup: must be 1 to 100 of the characters A-Z a-z 0-9 . _ -";
        assertThat(refusal("POST", "/admin/keys", "\"name\":\"k\",\"boundGroup\":\"" + name + "\""))
                .isEqualTo(problem);
        assertThat(refusal("PUT", "/admin/keys/" + create(""), "\"boundGroup\":\"" + name + "\""))
                .isEqualTo(problem);
        assertThat(refusal("POST", "/admin/keys", "\"name\":\"k\",\"boundGroup\":\"" + "g".repeat(101) + "\""))
                .isEqualTo(problem);
    }

    @Test
    void fieldsHaveTypes() {
        assertThat(refusal(
                        "POST",
                        "/admin/keys",
                        "\"name\":\"\",\"boundAccount\":1,\"boundGroup\":[],\"mayLeave\":\"yes\",\"contentAffinity\":0,"
                                + "\"boundgroup\":\"g\""))
                .contains("boundgroup: is unknown, did you mean boundGroup?")
                .contains("name: must be 1 to 100 characters")
                .contains("boundAccount: must be a string")
                .contains("boundGroup: must be a string")
                .contains("mayLeave: must be true or false")
                .contains("contentAffinity: must be true or false");
    }

    @Test
    void everyProblemOfACombinationIsToldAtOnce() {
        String window = "rateLimitWindow: must be 1 minute or more where rateLimitRequests is limited";
        String id = create("\"boundAccount\":\"" + account.id() + "\",\"rateLimitWindow\":1,\"rateLimitRequests\":1");
        assertThat(refusal("PUT", "/admin/keys/" + id, "\"rateLimitWindow\":0,\"boundGroup\":\"g\""))
                .isEqualTo(window + "; " + BOTH);
        assertThat(refusal("PUT", "/admin/keys/" + id, "\"rateLimitWindow\":0,\"boundAccount\":\"none\""))
                .isEqualTo(window + "; " + UNKNOWN);
        assertThat(refusal("POST", "/admin/keys", "\"name\":\"k\",\"rateLimitRequests\":1,\"boundAccount\":\"none\""))
                .isEqualTo(window + "; " + UNKNOWN);
    }

    private String create(String members) {
        String given = members.isEmpty() ? "" : "," + members;
        AdminResponse response = admin.asAdmin("POST", "/admin/keys", "{\"name\":\"k\"" + given + "}");
        assertThat(response.status()).as(AdminFixture.text(response)).isEqualTo(201);
        return AdminFixture.object(response).string("id").orElseThrow();
    }

    private JsonObject change(String id, String members) {
        AdminResponse response = admin.asAdmin("PUT", "/admin/keys/" + id, "{" + members + "}");
        assertThat(response.status()).as(AdminFixture.text(response)).isEqualTo(200);
        return AdminFixture.object(response);
    }

    private String changed(String id, String members) {
        return change(id, members).string("id").orElseThrow();
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
