package org.ccrelayer.internal.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorScrubberTest {
    private static final String ID = "0d8e5c1a-1111-4222-8333-44444444ABCD";

    private final ErrorScrubber scrubber = new ErrorScrubber();

    private static Account account(String baseUrl, String secret) {
        return new Account(
                "id",
                "name",
                new ApiKeyCredential(Secret.of(secret)),
                URI.create(baseUrl),
                50,
                true,
                Set.of(),
                Instant.EPOCH);
    }

    private static final Account PUBLIC = account("https://api.anthropic.com", "(plain.secret)");
    private static final Account GATEWAY = account("https://claude:8443/base", "(plain.secret)");

    private static final Secret SENT = Secret.of("(token.in+use)");

    private static byte[] error(String message) {
        return ("{\"error\": {\"message\":\"" + message + "\" },\"type\":\"error\"}").getBytes(StandardCharsets.UTF_8);
    }

    private String message(int status, String text, Account account) {
        return JsonObject.parse(scrubber.scrub(status, error(text), account, SENT))
                .object("error")
                .flatMap(error -> error.string("message"))
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prompt is too long: 215000 tokens > 200000 maximum",
                "messages.0.content.1: file_011CNha8iCJcU1wXNR6q4V8w not found; req_011CSHoEeqs5C35K2UUqR7Fy",
                "container 0d8e5c1a-1111-4222-8333-44444444abcd",
                "tools.0.name: org_chart is taken; my_org_0123456789 too; sk-ant",
                "ä \\u00e4 \\/ \\\\ 🚀"
            })
    void the_same_array_comes_back_where_nothing_had_to_be_taken_out(String text) {
        for (int status : new int[] {400, 404, 409, 413, 422}) {
            byte[] body = error(text);
            assertThat(scrubber.scrub(status, body, GATEWAY, SENT)).isSameAs(body);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-ant-api03-aBc_9-Xy",
                "sk-ant-api03-aBc...wxyz",
                "sk-ant-api03-…wxyz",
                "sk-ant-***",
                "wrkspc_01JwQvzr7rXLA5AGx3HKfFUJ",
                "svac_0123456789",
                "fdrl_0123456789",
                "apikey_01Rj2N8SVvo6BePZj99NhmiT",
                "org_0123456789",
                "arn:aws:bedrock:us-east-1:123456789012:inference-profile/abc",
                "(plain.secret)"
            })
    void what_names_an_account_is_taken_out_wherever_it_stands(String id) {
        for (int status : new int[] {400, 401, 403, 404, 413, 429, 500, 529}) {
            for (String before : new String[] {"", "see ", "see:", "\\n", "\\u00e4", "\\\"", "'", "("}) {
                String scrubbed = message(status, before + id + " end", PUBLIC);
                assertThat(scrubbed).as(before + id).contains("[redacted] end").doesNotContain(id);
            }
        }
    }

    @Test
    void an_id_that_is_said_to_be_an_account_s_is_taken_out_of_any_error() {
        for (String name : new String[] {"organization", "Organization:", "workspace `", "account '", "ORGANIZATION"}) {
            String gap = name.endsWith("`") || name.endsWith("'") ? "" : " ";
            assertThat(message(400, "the " + name + gap + ID + " is over", PUBLIC))
                    .isEqualTo("the " + name + gap + "[redacted] is over");
        }
    }

    @Test
    void any_id_is_taken_out_of_a_refusal_of_the_account_and_none_out_of_one_of_the_request() {
        for (int status : new int[] {401, 402, 403, 429, 500, 502, 529}) {
            assertThat(message(status, "limit of " + ID + "\\n" + ID, PUBLIC))
                    .isEqualTo("limit of [redacted]\n[redacted]");
        }
        for (int status : new int[] {400, 404, 413}) {
            assertThat(message(status, "container " + ID, PUBLIC)).isEqualTo("container " + ID);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "organization \\\"%s\\\"",
                "organization_id: %s",
                "organization id %s",
                "workspace_id=%s",
                "org %s",
                "account `%s`"
            })
    void an_account_s_id_is_taken_out_of_a_request_s_own_refusal_too(String words) {
        String told = message(400, words.formatted(ID), PUBLIC);
        assertThat(told).contains("[redacted]").doesNotContain(ID);
    }

    @Test
    void the_request_s_own_id_stays_whatever_it_looks_like() {
        byte[] body = ("{\"type\":\"error\",\"error\":{\"message\":\"m\"},\"request_id\": \"" + ID + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(scrubber.scrub(429, body, PUBLIC, SENT)).isSameAs(body);
    }

    @Test
    void the_host_of_the_account_is_taken_out_with_scheme_and_port() {
        assertThat(message(
                        400, "POST https://claude:8443/base/v1 to CLAUDE, http://claude, eu.claude\\nclaude.", GATEWAY))
                .isEqualTo("POST [redacted]/v1 to [redacted], [redacted], eu.[redacted]\n[redacted].");
    }

    @Test
    void a_word_that_only_holds_the_host_s_name_stays() {
        String words = "model: claude-opus-5-5, my-claude, claudette and claude_x";
        assertThat(message(400, words, GATEWAY)).isEqualTo(words);
    }

    @Test
    void the_public_host_is_no_secret() {
        assertThat(message(500, "https://api.anthropic.com/v1", PUBLIC)).isEqualTo("https://api.anthropic.com/v1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "<html>",
                "null",
                "[]",
                "7",
                "{}",
                "{\"error\":null}",
                "{\"error\":\"text\"}",
                "{\"error\":{}}",
                "{\"error\":{\"type\":\"t\"}",
                "{\"error\":{\"type\":\"t\"}} x",
                "\u0000"
            })
    void what_is_not_an_error_of_the_api_is_replaced(String body) {
        Map<Integer, String> types =
                Map.of(400, "invalid_request_error", 404, "not_found_error", 500, "api_error", 529, "overloaded_error");
        for (int status : types.keySet()) {
            byte[] replaced = scrubber.scrub(status, body.getBytes(StandardCharsets.UTF_8), PUBLIC, SENT);
            JsonObject error = JsonObject.parse(replaced);
            assertThat(error.string("type")).contains("error");
            assertThat(error.object("error").flatMap(inner -> inner.string("type")))
                    .contains(types.get(status));
            assertThat(new String(replaced, StandardCharsets.UTF_8)).contains("" + status);
        }
    }

    @Test
    void the_token_that_was_sent_is_taken_out() {
        assertThat(message(401, "(token.in+use) is over", PUBLIC)).isEqualTo("[redacted] is over");
    }

    @Test
    void a_long_hostile_error_is_scrubbed_in_time() {
        String hostile = ("organization organization: sk-ant- arn:aws: " + ID.substring(0, 30) + " ").repeat(3_000);
        byte[] body = error(hostile);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begun = threads.getCurrentThreadCpuTime();
        scrubber.scrub(500, body, GATEWAY, SENT);
        assertThat(threads.getCurrentThreadCpuTime() - begun).isLessThan(5_000_000_000L);
    }
}
