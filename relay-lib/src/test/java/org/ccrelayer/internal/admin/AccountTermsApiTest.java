package org.ccrelayer.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalTime;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountTerms;
import org.ccrelayer.account.EgressProxy.Login;
import org.ccrelayer.account.EgressProxy.Socks5;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.internal.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is agreed for accounts, and proxies that are copied, over HTTP. */
class AccountTermsApiTest {
    private static final String FIELDS = "\"dailyQuota\":12.5,\"quotaResetTime\":\"08:30\","
            + "\"subscriptionExpiresAt\":\"2027-01-31T00:00:00Z\",\"interceptWarmup\":true";
    private static final Instant END = Instant.parse("2027-01-31T00:00:00Z");
    private static final AccountTerms TERMS = new AccountTerms(12_500_000_000L, LocalTime.of(8, 30), END, true, null);

    private final AdminFixture admin = new AdminFixture();

    @AfterEach
    void close() {
        admin.close();
    }

    private AdminResponse post(String fields) {
        return admin.asAdmin("POST", "/admin/accounts", "{\"name\":\"a\",\"apiKey\":\"sk-test\"," + fields + "}");
    }

    private String create(String fields) {
        AdminResponse response = post(fields);
        assertThat(response.status()).as(AdminFixture.text(response)).isEqualTo(201);
        return AdminFixture.object(response).string("id").orElseThrow();
    }

    private AdminResponse put(String id, String fields) {
        return admin.asAdmin("PUT", "/admin/accounts/" + id, "{" + fields + "}");
    }

    private Account kept(String id) {
        return admin.store.accounts().find(id).orElseThrow();
    }

    @Test
    void what_is_agreed_is_kept_and_shown() {
        String id = create(FIELDS);
        assertThat(kept(id).terms()).isEqualTo(TERMS);
        assertThat(AdminFixture.text(admin.asAdmin("GET", "/admin/accounts/" + id, "")))
                .contains(FIELDS + ",\"restsUntil\":null");
        String other = create("\"priority\":1");
        assertThat(kept(other).terms()).isEqualTo(AccountTerms.NONE);
        assertThat(AdminFixture.text(put(other, FIELDS))).contains(FIELDS);
        assertThat(kept(other).terms()).isEqualTo(TERMS);
    }

    @Test
    void what_a_change_does_not_name_stays() {
        String id = create(FIELDS);
        put(id, "\"dailyQuota\":null,\"quotaResetTime\":null,\"subscriptionExpiresAt\":null,\"interceptWarmup\":null");
        assertThat(kept(id).terms()).isEqualTo(TERMS);
        put(id, "\"dailyQuota\":0,\"subscriptionExpiresAt\":\"\"");
        assertThat(kept(id).terms()).isEqualTo(new AccountTerms(0, LocalTime.of(8, 30), null, true, null));
    }

    @Test
    void nobody_is_let_rest_or_woken_by_it() {
        Instant until = Instant.parse("2026-11-23T00:00:00Z");
        AccountTerms resting = new AccountTerms(0, LocalTime.MIDNIGHT, null, false, until);
        NewAccount fresh = NewAccount.apiKey("a", Secret.of("sk-test"));
        String id = admin.administration.createAccount(fresh).id();
        admin.administration.changeAccount(id, AccountChange.ofTerms(old -> resting));
        assertThat(kept(id).terms()).isEqualTo(AccountTerms.NONE);
        assertThatThrownBy(() -> admin.administration.changeAccount(
                        id,
                        AccountChange.ofTerms(
                                old -> new AccountTerms(Long.MAX_VALUE, LocalTime.MIDNIGHT, null, false, null))))
                .hasMessageStartingWith("dailyQuota: must be an amount");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"dailyQuota\":-1|dailyQuota: must be an amount of US dollars",
                "\"quotaResetTime\":\"24:00\"|quotaResetTime: must be a time of day from 00:00 to 23:59",
                "\"quotaResetTime\":\"8:30\"|quotaResetTime: must be a time of day from 00:00 to 23:59",
                "\"subscriptionExpiresAt\":\"soon\"|subscriptionExpiresAt: must be a time such as",
                "\"interceptWarmup\":\"yes\"|interceptWarmup: must be",
                "\"restsUntil\":\"2027-01-31T00:00:00Z\"|restsUntil: is unknown",
                "\"proxyFrom\":\"none\"|proxyFrom: must be the id of an account or a consumer login"
            })
    void a_bad_value_is_refused_with_its_field_and_changes_nothing(String fields, String problem) {
        assertThat(AdminFixture.error(post(fields), 400, "invalid_request_error"))
                .startsWith(problem);
        String id = create(FIELDS);
        assertThat(AdminFixture.error(put(id, fields), 400, "invalid_request_error"))
                .startsWith(problem);
        assertThat(kept(id).terms()).isEqualTo(TERMS);
    }

    @Test
    void a_proxy_is_copied_with_its_password_and_only_where_there_is_one() {
        String direct = create(FIELDS);
        String proxied = create("\"proxy\":{\"type\":\"socks5\",\"host\":\"proxy.example\",\"port\":1080,"
                + "\"username\":\"u\",\"password\":\"pr0xy-word\"}");
        Socks5 proxy = new Socks5("proxy.example", 1080, new Login("u", Secret.of("pr0xy-word")));
        assertThat(kept(create("\"proxyFrom\":\"" + proxied + "\"")).proxy()).isEqualTo(proxy);
        AdminResponse changed = put(direct, "\"proxyFrom\":\"" + proxied + "\"");
        assertThat(AdminFixture.text(changed)).doesNotContain("pr0xy-word");
        assertThat(kept(direct).proxy()).isEqualTo(proxy);
        String other = create("\"proxy\":null");
        assertThat(AdminFixture.error(put(direct, "\"proxyFrom\":\"" + other + "\""), 400, "invalid_request_error"))
                .startsWith("proxyFrom: has no proxy that the relay can use");
        String both = "\"proxyFrom\":\"" + proxied + "\",\"proxy\":{\"type\":\"direct\"}";
        assertThat(AdminFixture.error(put(direct, both), 400, "invalid_request_error"))
                .startsWith("proxyFrom: cannot be given together with proxy");
        assertThat(kept(direct).proxy()).isEqualTo(proxy);
    }

    @Test
    void an_account_is_read_alone() {
        String id = create(FIELDS);
        JsonObject alone = AdminFixture.object(admin.asAdmin("GET", "/admin/accounts/" + id, ""));
        assertThat(alone.string("id")).contains(id);
        assertThat(AdminFixture.list(admin.asAdmin("GET", "/admin/accounts", "")))
                .singleElement()
                .hasToString(alone.toString());
        AdminFixture.error(admin.asAdmin("GET", "/admin/accounts/none", ""), 404, "not_found_error");
    }
}
