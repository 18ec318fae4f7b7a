package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.ccrelayer.simulated.ReceivedRequest;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request body reaches the upstream byte for byte, whatever it looks like and however it is sent. */
class RequestBodyTest {
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

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private ReceivedRequest onlyRequest() {
        assertThat(upstream.received()).hasSize(1);
        return upstream.received().get(0);
    }

    private static byte[] gzip(byte[] plain) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " \t\r\n{\n\"stream\"\t:\r\n false ,\"messages\":[ ],\"model\":\"claude-sonnet-5-5\"}\r\n\t ",
                "{\"z\":1,\"model\":\"claude-sonnet-5-5\",\"a\":{\"model\":\"other\",\"a\":1,\"a\":2},\"max_tokens\":1e2}",
                "{\"\\u006dodel\":\"claude\\u002dsonnet\\u002d5\\u002d5\",\"messages\":[{\"content\":\"\\/\\u00e9\\uD83D\\uDE80\"}]}",
                "{\"model\":\"claude-sonnet-5-5\",\"n\":[1.0,1.00,-0,1E+2,12345678901234567890.123456789],\"e\":\"ä你🚀\u2028\"}",
                "{\"model\":\"claude-sonnet-5-5\",\"system\":[],\"unknown_field\":{\"deep\":[[[{}]]]},\"stream\":null}"
            })
    void odd_but_valid_json_arrives_unchanged(String body) throws Exception {
        assertThat(relay.post(utf8(body)).head().status()).isEqualTo(200);
        assertThat(onlyRequest().body()).isEqualTo(utf8(body));
    }

    @Test
    void two_mebibytes_of_everything_arrive_with_the_same_hash() throws Exception {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder(" {\"messages\" : [{\"role\":\"user\",\n\"content\":\"");
        while (text.length() < 2 * 1024 * 1024) {
            text.append(random.nextInt(4) == 0 ? "\\u00e9\\n\\\"\\\\ ä 你 🚀" : " plain  text ");
        }
        byte[] body = utf8(text.append("\"}],\t\"model\":\"claude-sonnet-5-5\",\"stream\":true}")
                .toString());
        RawClient.Answer answer = relay.post("/v1/messages?beta=true", body);
        assertThat(answer.text()).endsWith("data: {\"type\":\"message_stop\"}\n\n");
        assertThat(onlyRequest().sha256()).isEqualTo(sha256(body));
        assertThat(relay.listener().await(1).requestBytes()).isEqualTo(body.length);
    }

    @Test
    void a_second_account_gets_the_same_bytes_as_the_first() throws Exception {
        try (SimulatedClaude second = SimulatedClaude.start()) {
            relay.account(second.uri());
            upstream.enqueue(Script.error(529));
            byte[] body = utf8("{ \"model\":\"claude-sonnet-5-5\", \"pad\":\"" + "x".repeat(100_000) + "\" }");
            assertThat(relay.post(body).head().status()).isEqualTo(200);
            assertThat(onlyRequest().sha256()).isEqualTo(sha256(body));
            assertThat(second.received().get(0).sha256()).isEqualTo(sha256(body));
        }
    }

    @Test
    void a_gzip_body_is_forwarded_as_received() throws Exception {
        byte[] zipped = gzip(StandaloneRelay.stream());
        RawClient.Answer answer = relay.post(zipped, "content-encoding: gzip");
        assertThat(answer.text()).contains("event: message_stop");
        assertThat(onlyRequest().body()).isEqualTo(zipped);
        assertThat(onlyRequest().header("content-encoding")).isEqualTo("gzip");
        assertThat(relay.listener().await(1).model()).contains("claude-sonnet-5-5");
        assertThat(relay.listener().await(1).attempts().get(0).row().state()).isEqualTo(State.FINAL);
    }

    @Test
    void a_client_that_waits_for_a_go_ahead_gets_one() throws Exception {
        byte[] body = StandaloneRelay.message();
        try (RawClient client = relay.client()) {
            client.head(
                    "POST /v1/messages",
                    "x-api-key: " + relay.key(),
                    "anthropic-version: 2023-06-01",
                    "expect: 100-continue",
                    "content-length: " + body.length);
            assertThat(client.readInterim()).isEqualTo(100);
            assertThat(client.send(body).readAnswer().head().status()).isEqualTo(200);
        }
        assertThat(onlyRequest().header("expect")).isNull();
    }
}
