package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RawUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the server refuses before the relay sees it looks like every other error of the relay. */
class ServerErrorsTest {
    private StandaloneRelay relay;

    @BeforeEach
    void start() {
        relay = StandaloneRelay.start();
    }

    @AfterEach
    void stop() {
        relay.close();
    }

    private static void isApiError(RawClient.Answer answer, int status) {
        assertThat(answer.head().status()).isEqualTo(status);
        assertThat(answer.head().header("content-type")).isEqualTo("application/json");
        assertThat(answer.head().header("request-id")).startsWith("relay_");
        assertThat(answer.text())
                .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"")
                .endsWith("\"},\"request_id\":\"" + answer.head().header("request-id") + "\"}")
                .doesNotContain("canary");
    }

    @Test
    void a_malformed_request_is_refused_in_the_api_shape() throws Exception {
        try (RawClient client = relay.client()) {
            client.send(RawUpstream.bytes("POST /v1/messages HTTP/1.1\r\nhost: relay.test\r\n"
                    + "x-api-key canary\r\ncontent-length: +2\r\n\r\n{}"));
            isApiError(client.readAnswer(), 400);
        }
    }

    @Test
    void an_ambiguous_body_length_is_refused_in_the_api_shape() throws Exception {
        try (RawClient client = relay.client()) {
            client.head(
                    "POST /v1/messages",
                    "x-api-key: " + relay.key(),
                    "content-length: 2",
                    "transfer-encoding: chunked");
            isApiError(client.readAnswer(), 400);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void header_fields_that_are_too_long_are_refused_in_the_api_shape() throws Exception {
        try (RawClient client = relay.client()) {
            client.head("POST /v1/messages", "x-long: canary" + "x".repeat(70_000));
            isApiError(client.readAnswer(), 431);
        }
    }
}
