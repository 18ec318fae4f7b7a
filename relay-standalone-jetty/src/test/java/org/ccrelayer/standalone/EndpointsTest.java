package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RawUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the relay serves besides messages, and that nothing else is a way around the key check. */
class EndpointsTest {
    private static final byte[] BODY = StandaloneRelay.message();

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

    private RawClient.Answer ask(String requestLine, String... headers) throws Exception {
        try (RawClient client = relay.client()) {
            return client.head(requestLine, headers).readAnswer();
        }
    }

    @Test
    void health_is_told_without_a_key() throws Exception {
        RawClient.Answer answer = ask("GET /health");
        assertThat(answer.head().status()).isEqualTo(200);
        assertThat(answer.head().header("content-type")).isEqualTo("application/json");
        assertThat(answer.head().header("cache-control")).isEqualTo("no-store");
        assertThat(answer.text()).isEqualTo("{\"status\":\"ok\"}");
    }

    @Test
    void a_relay_that_drains_says_so_and_takes_no_new_work() throws Exception {
        upstream.enqueue(Script.answer().trickle(Duration.ofMillis(20)));
        try (RawClient running = relay.client()) {
            running.post("/v1/messages", relay.key(), StandaloneRelay.stream()).readHead();
            relay.relay().drain();
            RawClient.Answer health = ask("GET /health");
            assertThat(health.head().status()).isEqualTo(503);
            assertThat(health.text()).isEqualTo("{\"status\":\"draining\"}");
            RawClient.Answer refused = relay.post(BODY);
            assertThat(refused.head().status()).isEqualTo(503);
            assertThat(refused.head().header("retry-after")).isEqualTo("2");
            assertThat(refused.text())
                    .contains("\"overloaded_error\"")
                    .endsWith("\"request_id\":\"" + refused.head().header("request-id") + "\"}");
            running.readUntil("event: message_stop");
            assertThat(running.readChunk()).isEmpty();
        }
        assertThat(upstream.requestCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD /", "HEAD /api/hello"})
    void probes_are_answered_without_a_key(String probe) throws Exception {
        try (RawClient client = relay.client()) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.head(probe).readHead().status()).isEqualTo(200);
            }
        }
        assertThat(upstream.requestCount()).isZero();
        assertThat(relay.listener().summaries()).isEmpty();
    }

    @Test
    void a_head_request_for_health_has_no_body() throws Exception {
        try (RawClient client = relay.client()) {
            for (int i = 0; i < 2; i++) {
                assertThat(client.head("HEAD /health").readHead().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void telemetry_is_taken_without_a_key_and_goes_nowhere() throws Exception {
        byte[] telemetry = RawUpstream.bytes("{\"events\":[" + "{\"x\":\"canary\"},".repeat(10_000));
        try (RawClient client = relay.client()) {
            for (int i = 0; i < 2; i++) {
                client.head("POST /api/event_logging/batch", "content-length: " + telemetry.length)
                        .send(telemetry);
                RawClient.Answer answer = client.readAnswer();
                assertThat(answer.head().status()).isEqualTo(200);
                assertThat(answer.head().header("content-type")).isEqualTo("application/json");
                assertThat(answer.text()).isEqualTo("{\"success\":true}");
            }
        }
        assertThat(upstream.requestCount()).isZero();
        assertThat(relay.listener().summaries()).isEmpty();
        assertThat(relay.relay().bodyBytesInUse()).isZero();
    }

    @Test
    void telemetry_without_end_is_answered_without_reading_it() throws Exception {
        assertThat(ask("POST /api/event_logging/batch", "content-length: 1000000000")
                        .head()
                        .status())
                .isEqualTo(200);
        assertThat(ask("POST /api/event_logging/batch", "transfer-encoding: chunked")
                        .head()
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/organizations/me",
                "GET /v1/organizations/users?limit=10",
                "POST /v1/organizations/api_keys",
                "GET /v1/messages",
                "PUT /v1/messages",
                "GET /v1/models",
                "GET /",
                "GET /api/event_logging/batch",
                "DELETE /health"
            })
    void what_is_not_served_is_a_404_even_with_a_key(String requestLine) throws Exception {
        RawClient.Answer answer =
                ask(requestLine, "x-api-key: " + relay.key(), "x-http-method-override: POST", "content-length: 0");
        assertThat(answer.head().status()).isEqualTo(404);
        assertThat(answer.text()).contains("\"not_found_error\"");
        assertThat(upstream.requestCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/messages/",
                "//v1/messages",
                "/v1//messages",
                "/v1/%6dessages",
                "/v1%2fmessages",
                "/v1/messages;x=1",
                "/v1;x=1/messages",
                "/;/v1/messages",
                "/V1/messages",
                "/v1/Messages",
                "/v1/../v1/messages",
                "/v1/./messages",
                "/x/%2e%2e/v1/messages",
                "/v1/messages%00",
                "/v1/messages%20",
                "/v1/messages%3fbeta=true",
                "/v1/messages\\",
                "/health/../v1/messages",
                "/api/event_logging/batch/../../../v1/messages",
                "/v1/messages/../../health",
                "v1/messages",
                "*"
            })
    void another_spelling_of_the_path_reaches_no_upstream(String path) throws Exception {
        for (String key : new String[] {"cr_unknown_unknown", relay.key()}) {
            RawClient.Answer answer = ask("POST " + path, "x-api-key: " + key, "content-length: 0");
            assertThat(answer.head().status()).as(answer.text()).isIn(400, 404);
            assertThat(answer.head().header("content-type")).isEqualTo("application/json");
            assertThat(answer.text()).startsWith("{\"type\":\"error\",");
        }
        assertThat(upstream.requestCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/admin/../v1/messages", "/admin/v1/messages", "/admin;/../v1/messages", "/ADMIN/v1/messages"})
    void no_way_to_an_upstream_leads_through_the_administration(String path) throws Exception {
        RawClient.Answer answer = ask("POST " + path, "x-api-key: " + relay.key(), "content-length: 0");
        assertThat(answer.head().status()).isIn(400, 401, 404);
        assertThat(upstream.requestCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://relay.test/v1/messages",
                "http://other.test:81/v1/messages",
                "/v1/messages?/health",
                "/v1/messages?../../health",
                "/v1/messages#/health"
            })
    void the_key_is_checked_wherever_messages_are_served(String target) throws Exception {
        RawClient.Answer answer = ask("POST " + target, "content-length: 0");
        assertThat(answer.head().status()).isIn(400, 401);
        assertThat(upstream.requestCount()).isZero();
    }
}
