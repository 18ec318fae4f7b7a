package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client learns of an upstream's refusal: its words, and nothing about the operator's account. */
class UpstreamErrorTest {
    private static final String JSON = "application/json";
    private static final String ORGANIZATION = "0d8e5c1a-1111-4222-8333-444444444444";

    private SimulatedClaude upstream;
    private StandaloneRelay relay;

    @BeforeEach
    void start() {
        upstream = SimulatedClaude.start();
        relay = StandaloneRelay.start();
        relay.account(upstream.uri());
    }

    @AfterEach
    void stop() {
        relay.close();
        upstream.close();
    }

    private static String error(String type, String message) {
        return "{\"type\": \"error\",\n \"error\": {\"type\": \"" + type + "\", \"message\": \"" + message
                + "\"}, \"request_id\": \"req_011CSHoEeqs5C35K2UUqR7Fy\"}";
    }

    private RawClient.Answer refusedWith(int status, String contentType, String body) throws Exception {
        upstream.enqueue(Script.raw(status, contentType, body.getBytes(StandardCharsets.UTF_8))
                .withHeader("x-should-retry", "false"));
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(answer.head().status()).isEqualTo(status);
        return answer;
    }

    private static void isGeneric(RawClient.Answer answer) {
        assertThat(answer.head().header("content-type")).isEqualTo(JSON);
        assertThat(answer.head().has("content-encoding")).isFalse();
        assertThat(answer.text())
                .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"")
                .contains("\"message\":\"The upstream answered " + answer.head().status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|invalid_request_error|prompt is too long: 215000 tokens > 200000 maximum",
                "400|invalid_request_error|messages.1.content.0: file_0123456789abcdef0123 not found; ä 你 \\u00e9 \\/",
                "400|invalid_request_error|container 0d8e5c1a-1111-4222-8333-444444444444 has expired",
                "404|not_found_error|model: claude-nobody-knows",
                "413|request_too_large|Request exceeds the maximum size"
            })
    void an_ordinary_refusal_of_the_request_passes_byte_for_byte(int status, String type, String message)
            throws Exception {
        String body = error(type, message);
        RawClient.Answer answer = refusedWith(status, JSON, body);
        assertThat(answer.text()).isEqualTo(body);
        assertThat(answer.head().header("content-type")).isEqualTo(JSON);
        assertThat(answer.head().header("request-id")).startsWith("req_sim");
        assertThat(relay.listener().await(1).outcome()).isEqualTo(Outcome.UPSTREAM_REFUSED);
        assertThat(relay.listener().await(1).attempts().get(0).row().state()).isEqualTo(State.VOID);
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error",
        "401, authentication_error",
        "402, billing_error",
        "403, permission_error",
        "429, rate_limit_error",
        "500, api_error",
        "529, overloaded_error"
    })
    void what_names_the_account_is_taken_out_and_the_words_stay(int status, String type) throws Exception {
        String host = "127.0.0.1:" + upstream.port();
        String secret = StandaloneRelay.ACCOUNT_KEY + "1";
        RawClient.Answer answer = refusedWith(
                status,
                JSON,
                error(
                        type,
                        "This request of organization " + ORGANIZATION + ", workspace wrkspc_01ABCDEFGH, key " + secret
                                + " (sk-ant-api03-abc...wxyz, sk-ant-api03-…uvwx) at http://" + host
                                + "/v1/messages would exceed the limit"));
        assertThat(answer.text())
                .contains("This request of organization [redacted]", "would exceed the limit", "\"" + type + "\"")
                .contains("\"request_id\": \"req_011CSHoEeqs5C35K2UUqR7Fy\"")
                .doesNotContain(ORGANIZATION, "wrkspc_", "sk-ant", "wxyz", "uvwx", secret, host, "127.0.0.1");
        assertThat(answer.head().header("content-length")).isEqualTo(Integer.toString(answer.body().length));
    }

    @Test
    void a_refusal_of_the_account_names_no_id_at_all() throws Exception {
        assertThat(refusedWith(429, JSON, error("rate_limit_error", "limit of " + ORGANIZATION + " reached"))
                        .text())
                .contains("limit of [redacted] reached");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 502, 503})
    void an_error_that_is_not_json_is_replaced_with_the_same_status(int status) throws Exception {
        RawClient.Answer answer =
                refusedWith(status, "text/html", "<html><h1>upstream-7.internal</h1>" + ORGANIZATION + "</html>");
        isGeneric(answer);
        assertThat(answer.text()).doesNotContain("internal", ORGANIZATION, "<");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "\"text\"", "{}", "{\"error\":\"text\"}", "{\"error\":{}}", "{\"error\""})
    void an_error_of_another_shape_is_replaced(String body) throws Exception {
        isGeneric(refusedWith(500, JSON, body));
    }

    @Test
    void an_encoded_error_is_replaced() throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(error("api_error", "organization " + ORGANIZATION).getBytes(StandardCharsets.UTF_8));
        }
        upstream.enqueue(Script.raw(500, JSON, zipped.toByteArray()).withHeader("content-encoding", "gzip"));
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(answer.head().status()).isEqualTo(500);
        isGeneric(answer);
    }

    @Test
    void a_huge_error_is_replaced_and_not_kept() throws Exception {
        RawClient.Answer answer = refusedWith(400, JSON, error("invalid_request_error", "x".repeat(3_000_000)));
        isGeneric(answer);
        assertThat(answer.body()).hasSizeLessThan(1_000);
    }

    @Test
    void an_error_that_breaks_off_is_replaced() throws Exception {
        upstream.enqueue(Script.raw(500, JSON, error("api_error", "m").getBytes(StandardCharsets.UTF_8))
                .cutMidEvent(0));
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(answer.head().status()).isEqualTo(500);
        isGeneric(answer);
    }

    @Test
    void a_401_of_the_upstream_tells_clients_not_to_try_again() throws Exception {
        upstream.enqueue(Script.error(401));
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(answer.head().status()).isEqualTo(401);
        assertThat(answer.head().header("x-should-retry")).isEqualTo("false");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 304, 307, 308})
    void a_redirect_is_neither_followed_nor_passed_on(int status) throws Exception {
        try (SimulatedClaude elsewhere = SimulatedClaude.start()) {
            upstream.enqueue(Script.raw(status, "text/plain", new byte[0])
                    .withHeader("location", elsewhere.uri() + "/v1/messages?canary"));
            RawClient.Answer answer = relay.post(StandaloneRelay.message());
            assertThat(answer.head().status()).isEqualTo(502);
            assertThat(answer.head().has("location")).isFalse();
            assertThat(answer.text()).contains("\"api_error\"").doesNotContain("canary", "127.0.0.1");
            assertThat(elsewhere.requestCount()).isZero();
        }
        assertThat(relay.listener().await(1).attempts().get(0).row().state()).isEqualTo(State.VOID);
    }
}
