package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
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
        String text = report(dump.encryptionKey, false).text();
        assertThat(text)
                .contains("API-key accounts: 13", "Relay keys: 43", "Consumer logins: 18, never used")
                .contains("key-perm-openai-only (5a51d830-eaeb-457e-8a3f-9c301ab55b31): refused, not permitted")
                .contains("bound to a consumer login", "counts 1.5 times the price", "1 relay keys count use by")
                .contains("concurrentRequestQueueEnabled is on", "globalSessionBindingEnabled is on")
                .doesNotContain("claudeCodeOnlyEnabled")
                .contains("1 relay keys get activatedAt");
        for (JsonObject field : dump.secrets.objects("encryptedFields")) {
            String secret = field.string("plaintext").orElseThrow();
            if (secret.length() > 5) {
                assertThat(text).doesNotContain(secret);
            }
        }
        assertThat(text).doesNotContain("pr0xy");
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
