package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.internal.credential.CredentialFormat;
import org.ccrelayer.internal.health.AccountHealth;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.internal.routing.Asking;
import org.ccrelayer.internal.routing.Candidate;
import org.ccrelayer.internal.routing.SelectionPolicy;
import org.ccrelayer.limit.BudgetPeriod;
import org.ccrelayer.store.SecretCipher;
import org.ccrelayer.testkit.PredecessorDump;
import org.ccrelayer.testkit.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The predecessor's text forms, old ones included, and that nothing is lost on the way there and back. */
class PredecessorFormsTest {
    private static final SecretCipher CIPHER =
            new CredentialCipher(Secret.of("compat-primary-key-0123456789ABC"), CredentialFormat.CBC, false);

    private static final RedisAccounts.Terms TERMS =
            new RedisAccounts.Terms(CIPHER, CIPHER, ZoneOffset.UTC, RedisRelay.endpoints(false));

    private static final Predicate<String> SOME = id -> id.hashCode() % 2 == 0;

    @Test
    void every_relay_key_comes_back_as_it_was() {
        for (int number = 0; number < 60; number++) {
            ApiKey key = Samples.key("k" + number, number);
            assertThat(new PredecessorKey(
                                    new HashFields(PredecessorKey.created(key, SOME)),
                                    new HashFields(PredecessorKey.own(key, SOME)))
                            .key())
                    .isEqualTo(key);
        }
    }

    @Test
    void every_account_that_it_can_express_comes_back_as_it_was() {
        for (int number = 0; number < 60; number++) {
            Account account = expressible(number);
            assertThat(PredecessorAccount.expresses(account)).isTrue();
            Map<String, String> fields = PredecessorAccount.created(account);
            Secret key = ((ApiKeyCredential) account.credential()).key();
            fields.put("apiKey", CIPHER.seal(key, PredecessorAccount.place(account.id())));
            PredecessorAccount record = new PredecessorAccount(
                    new HashFields(fields),
                    new HashFields(PredecessorAccount.own(account)),
                    account.routing().groups());
            assertThat(record.account(TERMS)).isEqualTo(account);
        }
    }

    private static Account expressible(int number) {
        Account sample = Samples.account("a" + number, number);
        Secret key = Secret.of((number % 2 == 0 ? "sk-ant-" : "vendor-") + number);
        AccountRouting routing = sample.routing()
                .withModels(Set.of(), sample.models().isEmpty() ? Map.of() : Map.of("model-a", "upstream-a"));
        return new Account(
                sample.id(),
                sample.name(),
                new ApiKeyCredential(key, PredecessorAccount.header(key)),
                sample.baseUrl(),
                sample.priority(),
                sample.schedulable(),
                sample.models(),
                sample.createdAt(),
                routing,
                sample.proxy(),
                TlsPolicy.DEFAULT,
                sample.terms());
    }

    @Test
    void what_it_would_use_wrongly_it_does_not_express() {
        assertThat(Samples.account("a", 2).credential()).isNotInstanceOf(ApiKeyCredential.class);
        for (int number = 0; number < 12; number++) {
            assertThat(PredecessorAccount.expresses(Samples.account("a", number)))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "- | true",
                "[] | true",
                "all | true",
                "[\"all\"] | true",
                "claude | true",
                "openai | false",
                "gemini, claude | true",
                "gemini,openai | false",
                "[\"gemini\"] | false",
                "[\"openai\",\"claude\"] | true",
                "[\"claude\" | false",
                "[ | false",
                "[1] | false",
                "' [{\"claude\":true}]' | false",
                "[\"all\",null] | false"
            })
    void permissions_are_read_in_every_form(String text, boolean claude) {
        assertThat(key(Map.of("permissions", text == null ? "" : text)).access().permits("claude"))
                .isEqualTo(claude);
    }

    @Test
    void what_a_key_is_for_in_no_form_at_all_lets_nobody_in_and_is_told() {
        List<Map<String, String>> malformed = List.of(
                Map.of("permissions", "[\"claude\""),
                Map.of("enableClientRestriction", "true", "allowedClients", "[\"claude_code\""));
        for (Map<String, String> fields : malformed) {
            Map<String, String> all = new HashMap<>(Map.of("id", "k", "apiKey", "h", "isActive", "true"));
            all.putAll(fields);
            PredecessorKey record = new PredecessorKey(new HashFields(all), HashFields.NONE);
            assertThat(KeyVerdict.of(record, Instant.EPOCH, true)).isEqualTo(KeyVerdict.UNREADABLE);
            assertThat(KeyVerdict.UNREADABLE.lost()).isTrue();
            assertThat(PredecessorKey.fields(record.key(), SOME)).isEqualTo(PredecessorKey.fields(record.key(), SOME));
        }
        assertThat(key(Map.of("enableClientRestriction", "true", "allowedClients", "[]"))
                        .access()
                        .restrictsClients())
                .isFalse();
    }

    @Test
    void amounts_that_nobody_spends_are_a_billion_dollars() {
        Map<String, String> amounts =
                Map.of("dailyCostLimit", "1e12", "totalCostLimit", "1e999", "rateLimitCost", "-3");
        KeyLimits limits = key(amounts).limits();
        assertThat(limits.budgets().dailyNanoUsd()).isEqualTo(1_000_000_000_000_000_000L);
        assertThat(limits.budgets().totalNanoUsd()).isEqualTo(1_000_000_000_000_000_000L);
        assertThat(limits.rate().costNanoUsd()).isZero();
    }

    @Test
    void a_stop_by_quota_ends_with_the_full_hour_as_days_of_quotas_do() {
        Account account = account(Map.of(
                "schedulable", "false",
                "quotaStoppedAt", "2026-11-22T05:00:00.000Z",
                "quotaResetTime", "08:30",
                "dailyQuota", "1"));
        assertThat(account.terms().restsUntil()).isEqualTo(Instant.parse("2026-11-22T08:00:00Z"));
    }

    @Test
    void an_end_that_nobody_can_read_has_come() {
        assertThat(key(Map.of("expiresAt", "next year")).usableAt(Instant.EPOCH))
                .isFalse();
        assertThat(key(Map.of("expiresAt", "")).expiresAt()).isNull();
        assertThat(key(Map.of("expiresAt", "2031-06-30")).expiresAt()).isEqualTo(Instant.parse("2031-06-30T00:00:00Z"));
        assertThat(key(Map.of("expiresAt", "2031-06-30T08:00:00+08:00")).expiresAt())
                .isEqualTo(Instant.parse("2031-06-30T00:00:00Z"));
    }

    @Test
    void a_key_of_the_first_days_is_read() {
        ApiKey key = new PredecessorKey(
                        new HashFields(Map.of("id", "k", "name", "old", "apiKey", "hash", "isActive", "true")),
                        HashFields.NONE)
                .key();
        assertThat(key)
                .isEqualTo(new ApiKey("k", "old", "hash", true, KeyLimits.NONE, Instant.EPOCH, null, Activation.NONE));
    }

    @Test
    void numbers_are_read_as_the_predecessor_reads_them() {
        ApiKey odd = key(Map.of(
                "concurrencyLimit", "x",
                "dailyCostLimit", "0.030000000000000002",
                "totalCostLimit", "-5",
                "weeklyResetDay", "9",
                "weeklyResetHour", "",
                "rateLimitWindow", "60.7"));
        assertThat(odd.limits().concurrency()).isZero();
        assertThat(odd.limits().budgets().dailyNanoUsd()).isEqualTo(30_000_000L);
        assertThat(odd.limits().budgets().totalNanoUsd()).isZero();
        assertThat(odd.limits().budgets().weekly()).isEqualTo(Budgets.Weekly.NONE);
        assertThat(odd.limits().rate().windowMinutes()).isEqualTo(60);
    }

    @Test
    void a_window_counts_its_cost_only_where_its_tokens_are_not_limited() {
        assertThat(key(Map.of("tokenLimit", "5", "rateLimitCost", "1"))
                        .limits()
                        .rate()
                        .costNanoUsd())
                .isZero();
        assertThat(key(Map.of("rateLimitCost", "1")).limits().rate().costNanoUsd())
                .isEqualTo(1_000_000_000L);
    }

    @Test
    void both_rates_apply_and_what_is_no_number_counts_for_nothing() {
        ApiKey key = key(Map.of("serviceRates", "{\"claude\":0.8,\"codex\":\"2\",\"droid\":-1}"));
        assertThat(key.access().rates().factors()).isEqualTo(Map.of("claude", new BigDecimal("0.8")));
        JsonObject row = PredecessorDump.rows().stream()
                .filter(each -> each.string("key").orElseThrow().equals(RedisKeys.SERVICE_RATES.key()))
                .findFirst()
                .orElseThrow();
        assertThat(key.access()
                        .rates()
                        .rate("claude", GlobalRates.of(row.string("value")))
                        .of(1_000_000_001))
                .isEqualTo(1_200_000_002);
    }

    private static ApiKey key(Map<String, String> fields) {
        Map<String, String> all = new HashMap<>(fields);
        all.putAll(Map.of("id", "k", "name", "n", "apiKey", "hash", "isActive", "true"));
        return new PredecessorKey(new HashFields(all), HashFields.NONE).key();
    }

    @ParameterizedTest
    @CsvSource({
        "https://a.example, https://a.example",
        "https://a.example//, https://a.example",
        "https://a.example/v1/messages, https://a.example",
        "https://a.example/base/v1/messages/, https://a.example/base",
        "https://a.example/v1/messagesX, https://a.example/v1/messagesX"
    })
    void an_address_is_where_the_path_of_messages_goes_behind(String apiUrl, URI baseUrl) {
        assertThat(account(Map.of("apiUrl", apiUrl)).baseUrl()).isEqualTo(baseUrl);
    }

    @ParameterizedTest
    @CsvSource({
        "'', https://unreadable.invalid",
        "no address, https://unreadable.invalid",
        "a.example, https://unreadable.invalid",
        "http://a.example, http://a.example",
        "https://127.0.0.1:8080, https://127.0.0.1:8080",
        "https://10.1.2.3/v1/messages, https://10.1.2.3",
        "https://169.254.169.254, https://169.254.169.254",
        "https://user:secret@a.example, https://a.example",
        "https://a.example?key=secret, https://a.example"
    })
    void an_account_at_an_address_that_the_relay_refuses_is_shown_and_not_used(String apiUrl, URI shown) {
        Account account = account(Map.of("apiUrl", apiUrl));
        assertThat(account.hasReadableCredential()).isFalse();
        assertThat(account.credentialProblem().orElseThrow())
                .startsWith("The baseUrl cannot be used: it must ")
                .doesNotContain("secret");
        assertThat(account.baseUrl()).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"https\",\"host\":\"p\",\"port\":1}",
                "{\"type\":\"socks5\",\"host\":\"p\",\"port\":\"x\"}",
                "{\"type\":\"socks5\",\"host\":\"p\"}",
                "{\"type\":\"socks5\",\"port\":1}",
                "socks5://p:1",
                "{\"type\":\"http\",\"host\":\"169.254.169.254\",\"port\":1}"
            })
    void an_account_is_not_used_around_a_proxy_that_the_relay_cannot_use(String proxy) {
        Account account = account(Map.of("proxy", proxy));
        assertThat(account.hasReadableCredential()).isFalse();
        assertThat(account.credentialProblem().orElseThrow()).startsWith("The proxy cannot be used");
        assertThat(account.proxy()).isNotEqualTo(EgressProxy.DIRECT);
    }

    @Test
    void a_port_may_be_a_text_and_a_login_needs_both_parts() {
        String proxy = "{\"type\":\"http\",\"host\":\"p\",\"port\":\"21021\",\"username\":\"u\"}";
        assertThat(account(Map.of("proxy", proxy)).proxy()).isEqualTo(new EgressProxy.HttpConnect("p", 21_021, null));
    }

    @Test
    void a_list_of_models_maps_each_to_itself() {
        Account account = account(Map.of("supportedModels", "[\"a\",\"b\"]"));
        assertThat(account.models()).containsExactlyInAnyOrder("a", "b");
        assertThat(account.routing().modelMap()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain-not-encrypted", "deadbeef", "abc:def"})
    void a_key_that_cannot_be_decrypted_is_kept_and_not_used(String apiKey) {
        Account account = account(Map.of("apiKey", apiKey));
        assertThat(account.hasReadableCredential()).isFalse();
        Secret key = ((ApiKeyCredential) account.credential()).key();
        assertThat(CIPHER.seal(key, PredecessorAccount.place("a"))).isEqualTo(apiKey);
    }

    private static Account account(Map<String, String> fields) {
        Map<String, String> all = new HashMap<>(Map.of(
                "id", "a",
                "name", "n",
                "isActive", "true",
                "apiUrl", "https://a.example",
                "apiKey", CIPHER.seal(Secret.of("sk-ant-1"), PredecessorAccount.place("a"))));
        all.putAll(fields);
        return new PredecessorAccount(new HashFields(all), HashFields.NONE, Set.of()).account(TERMS);
    }

    @Test
    void accounts_are_served_in_the_predecessors_order() {
        JsonObject vector = PredecessorDump.vectors().object("accountOrder").orElseThrow();
        Map<String, Candidate> left = new TreeMap<>();
        vector.objects("input").forEach(input -> left.put(input.string("id").orElseThrow(), candidate(input)));
        List<String> order = new ArrayList<>();
        while (!left.isEmpty()) {
            String next = new SelectionPolicy()
                    .select(List.copyOf(left.values()), Asking.of("m", Set.of()), Samples.START)
                    .chosen()
                    .orElseThrow()
                    .id();
            order.add(next);
            left.remove(next);
        }
        assertThat(order).isEqualTo(vector.strings("order").orElseThrow());
    }

    private static Candidate candidate(JsonObject input) {
        Map<String, String> fields = new HashMap<>();
        input.names().forEach(name -> fields.put(name, String.valueOf(input.get(name))));
        HashFields read = new HashFields(fields);
        long lastUse = read.moment("lastUsedAt").map(Instant::toEpochMilli).orElse(read.has("lastUsedAt") ? 1L : 0L);
        return new Candidate(
                account(fields),
                lastUse,
                0,
                new AccountHealth(() -> Samples.START).snapshot(read.text("id")),
                "",
                null);
    }

    @Test
    void weeks_begin_where_the_predecessor_begins_them() {
        JsonObject periods = PredecessorDump.vectors().object("periods").orElseThrow();
        ZoneOffset zone = ZoneOffset.ofHours(
                periods.integer("timezoneOffset").orElseThrow().intValue());
        assertThat(periods.objects("cases")).hasSize(32).allSatisfy(each -> {
            Budgets.Weekly weekly = new Budgets.Weekly(
                    1,
                    Budgets.Weekly.ALL,
                    each.integer("resetDay").orElseThrow().intValue(),
                    each.integer("resetHour").orElseThrow().intValue());
            Instant at = Instant.parse(each.string("utc").orElseThrow());
            assertThat(BudgetPeriod.week(at, zone, weekly)
                            .start()
                            .atOffset(zone)
                            .toString())
                    .startsWith(each.string("period").orElseThrow());
        });
    }
}
