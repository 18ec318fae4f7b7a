package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RawUpstream;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies that the relay cannot decide by are refused with the reason, and none of them reaches an upstream. */
class BodyRulesTest {
    private static final int BUDGET = 128 * 1024;

    private SimulatedClaude upstream;
    private StandaloneRelay relay;

    @BeforeEach
    void start() {
        upstream = SimulatedClaude.start();
        relay = StandaloneRelay.start(Map.of(ConfigKey.BODY_TIMEOUT, "500"));
        relay.account(upstream.uri());
    }

    @AfterEach
    void stop() {
        relay.close();
        upstream.close();
    }

    private void isRefused(RawClient.Answer answer, int status, String... words) {
        assertThat(answer.head().status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.text()).contains("\"invalid_request_error\"").contains(words);
        assertThat(upstream.requestCount()).isZero();
        assertThat(relay.listener().await(1).attempts()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"model\":\"m\",}|13",
                "{\"model\":\"m\"|12",
                "{\"model\":\"m\"} x|14",
                "{\"model\":'m'}|9",
                "{\"model\":\"m\",\"n\":01}|18"
            })
    void malformed_json_is_refused_with_the_byte_where_it_is(String body, String position) throws Exception {
        isRefused(relay.post(body.getBytes(StandardCharsets.UTF_8)), 400, "byte " + position);
    }

    @Test
    void a_body_that_is_not_utf8_is_refused() throws Exception {
        byte[] body = "{\"model\":\"m\",\"messages\":\"?\"}".getBytes(StandardCharsets.UTF_8);
        body[body.length - 3] = (byte) 0xC3;
        isRefused(relay.post(body), 400, "UTF-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"model\":\"a\",\"stream\":true,\"model\":\"b\"}|model",
                "{\"model\":\"a\",\"\\u006dodel\":\"a\"}|model",
                "{\"model\":\"a\",\"stream\":true,\"stream\":false}|stream",
                "{\"messages\":[]}|model",
                "{\"model\":null}|model",
                "{\"model\":\"\"}|model",
                "{\"model\":7}|model",
                "{\"model\":\"a\",\"stream\":\"true\"}|stream",
                "[]|object",
                "``|body"
            })
    void a_body_that_is_ambiguous_or_lacks_its_model_is_refused_by_name(String body, String named) throws Exception {
        isRefused(relay.post(body.getBytes(StandardCharsets.UTF_8)), 400, named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"br", "zstd", "gzip, gzip", "compress"})
    void an_encoding_that_the_relay_cannot_look_into_is_refused(String encoding) throws Exception {
        isRefused(relay.post(StandaloneRelay.message(), "content-encoding: " + encoding), 415, "content-encoding");
    }

    @Test
    void a_body_that_only_claims_to_be_encoded_is_refused() throws Exception {
        isRefused(relay.post(StandaloneRelay.message(), "content-encoding: gzip"), 400, "gzip");
    }

    @Test
    void a_body_without_a_length_is_refused_as_soon_as_it_is_too_long() throws Exception {
        try (StandaloneRelay small = StandaloneRelay.start(Map.of(ConfigKey.MAX_BODY_BYTES, "1024"));
                RawClient client = small.client()) {
            client.head("POST /v1/messages", "x-api-key: " + small.key(), "transfer-encoding: chunked");
            client.send(RawUpstream.bytes("400\r\n" + " ".repeat(1024) + "\r\n"));
            client.send(RawUpstream.bytes("1\r\n \r\n"));
            RawClient.Answer answer = client.readAnswer();
            assertThat(answer.head().status()).isEqualTo(413);
            assertThat(answer.text()).contains("request_too_large", "1024");
        }
    }

    @Test
    void a_body_that_stops_arriving_is_given_up() throws Exception {
        try (RawClient client = relay.client()) {
            client.head("POST /v1/messages", "x-api-key: " + relay.key(), "content-length: 100");
            client.send(RawUpstream.bytes("{\"model\""));
            isRefused(client.readAnswer(), 408, "did not arrive in time");
        }
        assertThat(relay.listener().await(1).outcome()).isEqualTo(Outcome.BODY_TIMEOUT);
    }

    @Test
    void while_the_memory_for_bodies_is_used_up_others_are_asked_to_come_back() throws Exception {
        try (StandaloneRelay patient =
                        StandaloneRelay.start(Map.of(ConfigKey.BODY_BUDGET_BYTES, Integer.toString(BUDGET)));
                RawClient slow = patient.client()) {
            patient.account(upstream.uri());
            byte[] large = new String(StandaloneRelay.message(), StandardCharsets.UTF_8)
                    .concat(" ".repeat(BUDGET - 500))
                    .getBytes(StandardCharsets.UTF_8);
            slow.head(
                    "POST /v1/messages",
                    "x-api-key: " + patient.key(),
                    "anthropic-version: 2023-06-01",
                    "content-length: " + large.length);
            slow.send(new byte[] {large[0]});
            Wait.until("the memory to be used up", () -> patient.relay().bodyBytesInUse() == BUDGET);
            RawClient.Answer answer = patient.post(StandaloneRelay.message());
            assertThat(answer.head().status()).isEqualTo(503);
            assertThat(answer.head().header("retry-after")).isEqualTo("1");
            assertThat(answer.head().has("x-should-retry")).isFalse();
            assertThat(answer.text()).contains("\"overloaded_error\"");
            slow.send(Arrays.copyOfRange(large, 1, large.length));
            assertThat(slow.readAnswer().head().status()).isEqualTo(200);
            Wait.until("the memory to be given back", () -> patient.relay().bodyBytesInUse() == 0);
            assertThat(patient.post(StandaloneRelay.message()).head().status()).isEqualTo(200);
        }
    }
}
