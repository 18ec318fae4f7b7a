package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every error of the relay's own has the API's shape and names nothing but what the client knows. */
class OwnErrorsTest {
    private static final String PROMPT = "prompt-canary-0123456789";

    private SimulatedClaude upstream;
    private StandaloneRelay relay;

    @BeforeEach
    void start() {
        upstream = SimulatedClaude.start();
        relay = StandaloneRelay.start(Map.of(ConfigKey.MAX_BODY_BYTES, "2048"));
        relay.account(upstream.uri());
    }

    @AfterEach
    void stop() {
        relay.close();
        upstream.close();
    }

    private static byte[] body(String model) {
        return ("{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private RawClient.Answer post(String key, byte[] body, String... headers) throws IOException {
        try (RawClient client = relay.client()) {
            return client.post("/v1/messages", key, body, headers).readAnswer();
        }
    }

    private void isOwnError(RawClient.Answer answer, int status, String type) {
        assertThat(answer.head().status()).isEqualTo(status);
        assertThat(answer.head().header("content-type")).isEqualTo("application/json");
        assertThat(answer.head().header("request-id")).startsWith("relay_");
        assertThat(answer.text())
                .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"")
                .endsWith("\"},\"request_id\":\"" + answer.head().header("request-id") + "\"}")
                .doesNotContain(PROMPT, relay.key(), StandaloneRelay.ACCOUNT_KEY, "127.0.0.1", "Exception", "\\n");
    }

    /** A base URL behind which nobody listens. */
    static URI nowhere() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }

    @Test
    void a_model_that_the_key_may_not_use_is_a_403_that_names_it() throws Exception {
        String limited = relay.relay()
                .administration()
                .createKey(new NewKey("limited", KeyLimits.ofModels(Set.of("claude-haiku-5-5")), null, 0))
                .secret()
                .reveal();
        RawClient.Answer answer = post(limited, body("claude-opus-5-5"));
        isOwnError(answer, 403, "permission_error");
        assertThat(answer.text()).contains("claude-opus-5-5");
        assertThat(upstream.requestCount()).isZero();
        assertThat(post(limited, body("claude-haiku-5-5")).head().status()).isEqualTo(200);
    }

    @Test
    void no_account_at_all_is_a_529_at_once() throws Exception {
        relay.relay()
                .administration()
                .accounts()
                .forEach(account -> relay.relay().administration().toggleAccount(account.id()));
        RawClient.Answer answer = post(relay.key(), body("claude-opus-5-5"));
        isOwnError(answer, 529, "overloaded_error");
        assertThat(answer.head().has("retry-after")).isFalse();
        assertThat(answer.text()).contains("claude-opus-5-5");
        assertThat(relay.listener().await(1).attempts()).isEmpty();
    }

    @Test
    void an_unknown_key_is_a_401() throws Exception {
        isOwnError(post("cr_unknown_unknown_unknown", body("m")), 401, "authentication_error");
    }

    @Test
    void a_body_that_is_not_json_is_a_400() throws Exception {
        byte[] broken = ("{\"model\":\"m\",\"messages\":\"" + PROMPT + "\",}").getBytes(StandardCharsets.UTF_8);
        isOwnError(post(relay.key(), broken), 400, "invalid_request_error");
    }

    @Test
    void a_body_that_is_too_large_is_a_413() throws Exception {
        isOwnError(post(relay.key(), body("m" + "x".repeat(3_000))), 413, "request_too_large");
    }

    @Test
    void an_encoding_that_cannot_be_read_is_a_415() throws Exception {
        isOwnError(post(relay.key(), body("m"), "content-encoding: br"), 415, "invalid_request_error");
    }

    @Test
    void an_upstream_that_does_not_listen_is_a_502() throws Exception {
        relay.relay()
                .administration()
                .deleteAccount(relay.relay().administration().accounts().get(0).id());
        relay.account(nowhere());
        isOwnError(post(relay.key(), body("m")), 502, "api_error");
    }

    @Test
    void an_upstream_that_hangs_up_is_a_502() throws Exception {
        upstream.enqueue(Script.refuse());
        isOwnError(post(relay.key(), body("m")), 502, "api_error");
    }

    @Test
    void an_unknown_endpoint_is_a_404() throws Exception {
        try (RawClient client = relay.client()) {
            isOwnError(client.head("GET /v1/nothing?" + PROMPT).readAnswer(), 404, "not_found_error");
        }
    }
}
