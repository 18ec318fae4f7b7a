package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.LocalTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.AuthHeader;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyRouting;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.json.JsonObject;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the relay reads out of a Redis that the predecessor's software wrote. */
@Timeout(60)
class PredecessorDumpTest {
    private static final String CLAUDE_CODE = "claude-cli/2.1.330 (external, cli)";

    private static final Map<String, Outcome> REFUSED = Map.of(
            "key-expired", Outcome.UNAUTHENTICATED,
            "key-disabled", Outcome.UNAUTHENTICATED,
            "key-deleted", Outcome.UNAUTHENTICATED,
            "key-perm-openai-only", Outcome.FORBIDDEN,
            "key-client-restricted", Outcome.FORBIDDEN);

    private static DumpFixture dump;

    @BeforeAll
    static void load() {
        dump = new DumpFixture();
    }

    @AfterAll
    static void close() throws IOException {
        dump.close();
    }

    @Test
    void every_console_account_decrypts() {
        int seen = 0;
        for (JsonObject field : dump.secrets.objects("encryptedFields")) {
            String key = field.string("key").orElseThrow();
            if (key.startsWith(RedisKeys.CONSOLE.prefix())) {
                Account account = dump.accounts
                        .find(key.substring(RedisKeys.CONSOLE.prefix().length()))
                        .orElseThrow();
                ApiKeyCredential credential = (ApiKeyCredential) account.credential();
                assertThat(credential.key().reveal())
                        .as(account.name())
                        .isEqualTo(field.string("plaintext").orElseThrow());
                seen++;
            }
        }
        assertThat(seen).isEqualTo(dump.accounts.list().size()).isEqualTo(13);
    }

    @Test
    void every_issued_key_has_its_verdict() {
        Map<String, Optional<Outcome>> found = new TreeMap<>();
        Map<String, Optional<Outcome>> expected = new TreeMap<>();
        for (JsonObject issued : dump.issued()) {
            String name = issued.string("name").orElseThrow();
            expected.put(name, Optional.ofNullable(REFUSED.get(name)));
            found.put(name, refusal(issued.string("plaintext").orElseThrow(), false, "curl/8"));
        }
        assertThat(found).isEqualTo(expected).hasSizeGreaterThan(40);
    }

    @Test
    void a_key_for_certain_programs_is_let_in_by_user_agent_only_where_that_is_wanted() {
        String key = dump.plaintext("key-client-restricted");
        assertThat(refusal(key, false, CLAUDE_CODE)).contains(Outcome.FORBIDDEN);
        assertThat(refusal(key, true, CLAUDE_CODE)).isEmpty();
        assertThat(refusal(key, true, "GeminiCLI/v0.1.2")).isEmpty();
        assertThat(refusal(key, true, "curl/8 claude-cli/2.1.330")).contains(Outcome.FORBIDDEN);
        assertThat(refusal(key, true, "codex_cli_rs/1.0")).contains(Outcome.FORBIDDEN);
        assertThat(refusal(key, true, null)).contains(Outcome.FORBIDDEN);
    }

    private static Optional<Outcome> refusal(String key, boolean byUserAgent, String agent) {
        HttpFields.Mutable headers = HttpFields.build().put("x-api-key", key);
        if (agent != null) {
            headers.put(HttpHeader.USER_AGENT, agent);
        }
        RelayException refusal = catchThrowableOfType(
                RelayException.class, () -> dump.authenticator(byUserAgent).authenticate(headers, null));
        return Optional.ofNullable(refusal).map(RelayException::outcome);
    }

    @Test
    void limits_are_read_as_they_were_set() {
        ApiKey budgets = key("key-all-budgets");
        assertThat(budgets.limits().budgets().dailyNanoUsd()).isEqualTo(12_500_000_000L);
        assertThat(budgets.limits().budgets().totalNanoUsd()).isEqualTo(250_000_000_000L);
        assertThat(budgets.limits().budgets().weekly().nanoUsd()).isEqualTo(40_000_000_000L);
        assertThat(budgets.access().rates().factor("claude")).isEqualByComparingTo("0.8");
        ApiKey rate = key("key-rate");
        assertThat(rate.limits().rate().windowMinutes()).isEqualTo(60);
        assertThat(rate.limits().rate().requests()).isEqualTo(3);
        assertThat(rate.limits().rate().costNanoUsd()).isEqualTo(1_250_000_000L);
        assertThat(key("key-rate-tokens-legacy").limits().rate().tokens()).isEqualTo(120);
        assertThat(key("key-weekly-opus").limits().budgets().weekly().resetDay())
                .isEqualTo(3);
        assertThat(key("key-weekly-opus").limits().budgets().weekly().resetHour())
                .isEqualTo(6);
        assertThat(key("key-concurrency").limits().concurrency()).isEqualTo(2);
        assertThat(key("key-model-restricted").limits().modelsDenied())
                .containsExactlyInAnyOrder("claude-opus-4-1-20250805", "claude-3-opus-20240229");
        assertThat(key("key-basic").limits().modelsDenied()).isEmpty();
        assertThat(key("key-basic").createdAt()).isEqualTo(Instant.parse("2026-11-22T17:54:15.213Z"));
        assertThat(key("key-expires-2031").expiresAt()).isEqualTo(Instant.parse("2032-06-30T00:00:00Z"));
    }

    @Test
    void lives_that_begin_with_the_first_use_are_counted_in_their_unit() {
        assertThat(key("key-activation-used").activation())
                .isEqualTo(new Activation(30, Instant.parse("2026-11-22T17:54:16.257Z")));
        assertThat(key("key-activation-unused").activation().length()).isEqualTo(48);
        assertThat(key("key-activation-unused").activation().unit()).isEqualTo(Activation.Unit.HOURS);
        assertThat(key("key-basic").activation()).isEqualTo(Activation.NONE);
    }

    @Test
    void bindings_are_read() {
        assertThat(key("key-basic").routing()).isEqualTo(KeyRouting.ANY);
        assertThat(key("key-bound-console-main").routing())
                .isEqualTo(new KeyRouting(dump.account("main"), null, true, true));
        assertThat(key("key-bound-claude-main").routing().mayLeave()).isFalse();
        assertThat(key("key-bound-group").routing().group()).isEqualTo("316fe2f8-5680-4185-8b57-854630aef5b5");
        assertThat(account("grp").routing().groups()).containsExactly("316fe2f8-5680-4185-8b57-854630aef5b5");
    }

    private static ApiKey key(String name) {
        return dump.keys.list().stream()
                .filter(key -> key.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void accounts_are_read() {
        Account main = account("main");
        assertThat(main.name()).isEqualTo("console-main");
        assertThat(main.baseUrl()).isEqualTo(URI.create("http://127.0.0.1:21010"));
        assertThat(main.priority()).isEqualTo(2);
        assertThat(main.routing().concurrency()).isEqualTo(5);
        assertThat(main.routing().dedicated()).isFalse();
        assertThat(main.schedulable()).isTrue();
        Account mapped = account("map");
        assertThat(mapped.baseUrl()).isEqualTo(URI.create("http://127.0.0.1:21010/base"));
        assertThat(mapped.models())
                .containsExactlyInAnyOrder("claude-sonnet-4-5-20250929", "claude-3-5-haiku-20241022");
        assertThat(mapped.routing().upstreamName("claude-sonnet-4-5-20250929")).isEqualTo("vendor-sonnet");
        assertThat(mapped.serves("claude-opus-4-6")).isFalse();
        Account listed = account("arr");
        assertThat(listed.models()).isEqualTo(Set.of("claude-3-7-sonnet-20250219"));
        assertThat(listed.routing().modelMap()).isEmpty();
        assertThat(listed.baseUrl()).isEqualTo(URI.create("http://127.0.0.1:21010"));
        assertThat(listed.schedulable()).isFalse();
        assertThat(account("nap").terms().interceptWarmup()).isTrue();
        assertThat(account("httpp").terms().endsAt()).isEqualTo(Instant.parse("2033-03-03T03:03:03Z"));
        EgressProxy.Socks5 socks = (EgressProxy.Socks5) account("socks").proxy();
        assertThat(socks.port()).isEqualTo(21_020);
        assertThat(socks.login().password().reveal()).isEqualTo("p");
    }

    @Test
    void the_key_tells_its_header() {
        for (Account account : dump.accounts.list()) {
            ApiKeyCredential credential = (ApiKeyCredential) account.credential();
            boolean own = credential.key().reveal().startsWith("sk-ant-");
            assertThat(credential.header()).isEqualTo(own ? AuthHeader.X_API_KEY : AuthHeader.BEARER);
        }
    }

    @Test
    void what_stopped_itself_comes_back_by_itself() {
        Account limited = account("e429");
        assertThat(limited.schedulable()).isTrue();
        assertThat(limited.terms().restsUntil()).isEqualTo(Instant.parse("2026-11-22T19:54:16.588Z"));
        assertThat(account("e400").terms().restsUntil()).isEqualTo(Instant.parse("2026-11-22T18:04:16.603Z"));
        assertThat(account("e529").terms().restsUntil()).isEqualTo(Instant.parse("2026-11-22T18:04:16.618Z"));
        Account quota = account("quota");
        assertThat(quota.terms().dailyQuotaNanoUsd()).isEqualTo(10_000_000L);
        assertThat(quota.terms().quotaResetAt()).isEqualTo(LocalTime.of(3, 30));
        assertThat(quota.terms().restsUntil())
                .as("03:30 at UTC+8 to the full hour, next after 2026-11-23 01:54 there")
                .isEqualTo(Instant.parse("2026-11-22T19:00:00Z"));
        assertThat(account("socks").schedulable()).as("taken out by hand").isFalse();
    }

    private static Account account(String ref) {
        return dump.accounts.find(dump.account(ref)).orElseThrow();
    }

    @Test
    void consumer_logins_are_no_accounts() {
        Set<String> logins = dump.redis.call(commands -> commands.smembers("claude:account:index"));
        assertThat(logins).hasSize(18);
        assertThat(logins).allMatch(id -> dump.accounts.find(id).isEmpty());
        assertThat(dump.accounts.list()).noneMatch(account -> logins.contains(account.id()));
    }

    @Test
    void a_key_that_only_the_old_index_knows_is_found_and_taken_over() throws IOException {
        try (DumpFixture old = new DumpFixture()) {
            String hash = old.hash(RedisKeys.KEY.key(old.keyId("key-deleted-then-restored")))
                    .get("apiKey");
            old.redis.call(commands -> commands.hdel(RedisKeys.KEY_HASHES.key(), hash));
            assertThat(old.keys.findByHash(hash)).isPresent();
            assertThat(old.hash(RedisKeys.KEY_HASHES.key())).containsKey(hash);
        }
    }

    @Test
    void a_deleted_key_stays_unknown_after_the_predecessor_indexed_it_again() throws IOException {
        try (DumpFixture again = new DumpFixture()) {
            String id = again.keyId("key-deleted");
            String hash = again.hash(RedisKeys.KEY.key(id)).get("apiKey");
            again.redis.call(commands -> commands.hset(RedisKeys.KEY_HASHES.key(), hash, id));
            assertThat(again.keys.findByHash(hash)).isEmpty();
            assertThat(again.keys.find(id)).isEmpty();
            assertThat(again.keys.list()).extracting(ApiKey::id).doesNotContain(id);
        }
    }

    @Test
    void without_an_index_everything_is_found_all_the_same() throws IOException {
        try (DumpFixture bare = new DumpFixture()) {
            int keys = bare.keys.list().size();
            bare.redis.call(commands -> commands.del(RedisKeys.KEY_INDEX_VERSION.key(), RedisKeys.KEYS_ALL.key()));
            bare.redis.call(commands -> commands.del(RedisKeys.CONSOLE_INDEX.key()));
            assertThat(bare.keys.list()).hasSize(keys).hasSize(42);
            assertThat(bare.accounts.list()).hasSize(13);
        }
    }
}
