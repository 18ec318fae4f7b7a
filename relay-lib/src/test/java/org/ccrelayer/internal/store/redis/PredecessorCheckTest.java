package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.internal.store.redis.PredecessorReport.AccountFound;
import org.ccrelayer.internal.store.redis.PredecessorReport.KeyFound;
import org.ccrelayer.internal.store.redis.PredecessorReport.LoginFound;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator is told of a Redis before anything uses it. */
@Timeout(60)
class PredecessorCheckTest {
    private static DumpFixture dump;

    @BeforeAll
    static void load() {
        dump = new DumpFixture();
    }

    @AfterAll
    static void close() throws IOException {
        dump.close();
    }

    private static PredecessorReport report(String encryptionKey, boolean byUserAgent) {
        return new PredecessorCheck(dump.redis, DumpFixture.terms(encryptionKey), dump.clock, byUserAgent).report();
    }

    @Test
    void everything_is_counted_and_nothing_is_written() {
        Map<String, DumpFixture.Print> before = dump.prints();
        PredecessorReport report = report(dump.encryptionKey, false);
        assertThat(dump.changedSince(before)).isEmpty();
        assertThat(report.keysByVerdict())
                .isEqualTo(Map.of(
                        KeyVerdict.ACTIVE, 37L,
                        KeyVerdict.NOT_ACTIVATED, 1L,
                        KeyVerdict.DISABLED, 1L,
                        KeyVerdict.DELETED, 1L,
                        KeyVerdict.EXPIRED, 1L,
                        KeyVerdict.NOT_FOR_CLAUDE, 1L,
                        KeyVerdict.CLIENTS_RESTRICTED, 1L));
        assertThat(report.accountsByVerdict())
                .isEqualTo(Map.of(AccountVerdict.USABLE, 7L, AccountVerdict.RESTING, 4L, AccountVerdict.DISABLED, 2L));
        assertThat(report.logins()).hasSize(18).extracting(LoginFound::proxied).contains(true, false);
    }

    @Test
    void the_report_is_told_in_words_without_secrets() {
        PredecessorReport report = report(dump.encryptionKey, false);
        String text = new ReportText("there", report).plain();
        assertThat(text)
                .startsWith("Redis at there, only read:\n\n     13  API-key accounts\n      7    usable\n")
                .contains("     43  relay keys\n     37    usable\n", "     18  consumer logins, which are never used")
                .contains("refused, not permitted to use Claude\n")
                .contains("  - Relay key key-client-restricted (", "refused, limited to certain programs")
                .contains("bound to a consumer login: 11.", "counts 1.5 times the price", "1 relay keys count use by")
                .contains("concurrentRequestQueueEnabled is on", "globalSessionBindingEnabled is on")
                .doesNotContain("claudeCodeOnlyEnabled")
                .contains("whose life begins with their first use: 1.");
        assertThat(text.lines()).allMatch(line -> line.length() < 200);
        assertNoSecret(text);
    }

    @Test
    void the_document_shows_the_report() throws IOException {
        String text = new ReportText("127.0.0.1:6379", report(dump.encryptionKey, false)).plain();
        assertThat(Files.readString(Path.of("..", "docs", "migration.md"))).contains("```\n" + text + "```\n");
    }

    @Test
    void programs_read_everything_that_was_found() {
        JsonObject json = JsonObject.parse(new ReportText("there", report(dump.encryptionKey, false))
                .json()
                .toString());
        assertThat(json.string("redis")).contains("there");
        assertThat(json.objects("accounts")).hasSize(13).allMatch(account -> account.has("verdict"));
        assertThat(json.objects("consumerLogins")).hasSize(18);
        assertThat(json.objects("relayKeys"))
                .hasSize(43)
                .extracting(key -> key.string("verdict").orElseThrow())
                .contains("active", "not-activated", "not-for-claude", "clients-restricted");
        assertThat(json.strings("notAsBefore").orElseThrow()).hasSize(5);
        assertNoSecret(json.toString());
    }

    @Test
    void many_sentences_are_cut_short_for_people_only() {
        List<KeyFound> keys = IntStream.range(0, 80)
                .mapToObj(i -> new KeyFound("id" + i, "na\u001bme", KeyVerdict.CLIENTS_RESTRICTED))
                .toList();
        ReportText told = new ReportText(
                "there", new PredecessorReport(List.of(), List.of(), keys, List.of(), List.of(), List.of()));
        assertThat(told.plain())
                .contains("(id49)", "and 30 more; --json tells all.", "na?me", "written: nothing.")
                .doesNotContain("(id50)", "\u001b");
        assertThat(told.json().strings("notAsBefore").orElseThrow()).hasSize(80);
    }

    private static void assertNoSecret(String text) {
        for (JsonObject field : dump.secrets.objects("encryptedFields")) {
            String secret = field.string("plaintext").orElseThrow();
            if (secret.length() > 5) {
                assertThat(text).doesNotContain(secret);
            }
        }
        assertThat(text).doesNotContain("pr0xy", dump.encryptionKey);
    }

    @Test
    void accounts_at_addresses_and_behind_proxies_that_the_relay_refuses_are_told_without_secrets() {
        String id = dump.account("main");
        String record = "claude_console_account:" + id;
        Map<String, String> was = dump.hash(record);
        dump.redis.call(to -> to.hset(record, "apiUrl", "https://user:pr0xy@10.0.0.1/v1/messages"));
        String told = told(report(dump.encryptionKey, false));
        assertThat(told).contains("its apiUrl or its proxy may not be used. The baseUrl cannot be used: it must");
        dump.redis.call(to -> to.hset(record, "apiUrl", "http://10.0.0.1"));
        assertThat(told(report(dump.encryptionKey, false))).contains("it must begin with https://. Set baseUrl anew.");
        assertThat(dump.accounts.find(id).orElseThrow().hasReadableCredential()).isFalse();
        dump.redis.call(to -> to.hset(record, was));
        dump.redis.call(to -> to.hset(record, "proxy", "{\"type\":\"socks4\",\"host\":\"pr0xy\",\"port\":1}"));
        assertThat(told(report(dump.encryptionKey, false))).contains("The proxy cannot be used");
        dump.redis.call(to -> to.hset(record, was));
        assertThat(report(dump.encryptionKey, false).accountsByVerdict()).doesNotContainKey(AccountVerdict.REFUSED);
        RedisAccounts.Terms publicOnly = new RedisAccounts.Terms(
                dump.terms.predecessors(), dump.terms.own(), dump.terms.zone(), RedisRelay.endpoints(false));
        assertThat(new PredecessorCheck(dump.redis, publicOnly, dump.clock, false)
                        .report()
                        .accounts())
                .extracting(AccountFound::verdict)
                .containsOnly(AccountVerdict.REFUSED);
    }

    @Test
    void keys_that_only_the_predecessor_serves_are_told_and_none_that_it_does_not() {
        String key = "apikey:" + dump.keyId("key-basic");
        Map<String, String> was = dump.hash(key);
        String login = dump.members("claude:account:index").iterator().next();
        String console = dump.account("main");
        dump.redis.call(to -> to.sadd("account_group_members:people", login, "gone"));
        dump.redis.call(to -> to.hset(key, "claudeAccountId", "group:people"));
        String sentence = "bound to a group that has consumer logins and no account: 1.";
        assertThat(words()).contains(sentence);
        dump.redis.call(to -> to.hset(key, "expiresAt", "2020-01-01T00:00:00.000Z"));
        assertThat(words()).doesNotContain(sentence);
        dump.redis.call(to -> to.hset(key, "expiresAt", "next year"));
        assertThat(words()).contains("key-basic", "refused, its expiresAt cannot be read; set it anew");
        dump.redis.call(to -> to.hset(key, "expiresAt", ""));
        dump.redis.call(to -> to.sadd("account_group_members:people", console));
        assertThat(words()).doesNotContain(sentence);
        dump.redis.call(to -> to.hset(key, "permissions", "[\"claude\""));
        assertThat(words()).contains("key-basic", "refused, its permissions or allowedClients cannot be read");
        dump.redis.call(to -> to.del("account_group_members:people"));
        dump.redis.call(to -> to.hset(key, was));
    }

    private static String words() {
        return new ReportText("there", report(dump.encryptionKey, false)).plain();
    }

    @Test
    void an_index_that_is_missing_is_told_to_be_written_and_an_end_that_cannot_be_read() {
        String record = "claude_console_account:" + dump.account("main");
        dump.redis.call(to -> to.rename("claude_console_account:index", "kept"));
        dump.redis.call(to -> to.hset(record, "subscriptionExpiresAt", "soon"));
        assertThat(words())
                .contains("claude_console_account:index, which is missing, once a relay starts.")
                .contains("is not used, its subscriptionExpiresAt cannot be read; set it anew");
        dump.redis.call(to -> to.rename("kept", "claude_console_account:index"));
        dump.redis.call(to -> to.hset(record, "subscriptionExpiresAt", ""));
        assertThat(words()).doesNotContain("which is missing, once").contains("usage:*, account_usage:*");
    }

    @Test
    void settings_of_accounts_that_mean_something_else_are_counted_where_any_account_has_them() {
        Map<String, String> sentences = Map.of(
                "maxConcurrentTasks", "Accounts with maxConcurrentTasks: ",
                "dailyQuota", "Accounts with a dailyQuota: ",
                "quotaResetTime", "Accounts whose quotaResetTime is not a full hour: ",
                "interceptWarmup", "Accounts with interceptWarmup: ");
        Map<String, String> none = Map.of(
                "maxConcurrentTasks", "0", "dailyQuota", "0", "quotaResetTime", "08:00", "interceptWarmup", "false");
        Map<String, String> some = Map.of(
                "maxConcurrentTasks", "2", "dailyQuota", "0.5", "quotaResetTime", "08:30", "interceptWarmup", "true");
        Map<String, Map<String, String>> records = new TreeMap<>();
        dump.members("claude_console_account:index").stream()
                .map(RedisKeys.CONSOLE::key)
                .forEach(record -> records.put(record, dump.hash(record)));
        records.keySet().forEach(record -> dump.redis.call(to -> to.hset(record, none)));
        assertThat(words()).doesNotContain(sentences.values());
        Iterator<String> both = records.keySet().iterator();
        String first = both.next();
        String second = both.next();
        sentences.forEach((field, sentence) -> {
            dump.redis.call(to -> to.hset(first, field, some.get(field)));
            assertThat(words()).contains("\n  - " + sentence + "1. ");
            dump.redis.call(to -> to.hset(second, field, some.get(field)));
            assertThat(words()).contains("\n  - " + sentence + "2. ");
            List.of(first, second).forEach(record -> dump.redis.call(to -> to.hset(record, field, none.get(field))));
            assertThat(words()).doesNotContain(sentence);
        });
        records.forEach((record, was) -> dump.redis.call(to -> to.hset(record, was)));
        assertThat(words()).contains(sentences.values());
    }

    private static String told(PredecessorReport report) {
        ReportText text = new ReportText("there", report);
        assertThat(report.accountsByVerdict()).containsEntry(AccountVerdict.REFUSED, 1L);
        assertNoSecret(text.plain() + text.json());
        return text.plain();
    }

    @Test
    void another_encryption_key_opens_no_account() {
        assertThat(report("another-encryption-key-0123456789", false).accounts())
                .extracting(AccountFound::verdict)
                .containsOnly(AccountVerdict.UNDECRYPTABLE);
    }

    @Test
    void keys_for_certain_programs_are_usable_where_that_is_wanted() {
        assertThat(report(dump.encryptionKey, true).keys())
                .extracting(KeyFound::verdict)
                .contains(KeyVerdict.CLIENTS_BY_USER_AGENT)
                .doesNotContain(KeyVerdict.CLIENTS_RESTRICTED);
    }
}
