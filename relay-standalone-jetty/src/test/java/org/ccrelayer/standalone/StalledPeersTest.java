package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RawUpstream;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.Test;

/** Peers that stop in the middle: nobody waits for them for ever, and the right one is blamed. */
class StalledPeersTest {
    private static final byte[] PLAIN = RawUpstream.bytes("{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":9}");

    private final CountDownLatch over = new CountDownLatch(1);

    private interface Scenario {
        void run(RelayFixture fixture, RelayServer server) throws Exception;
    }

    private void with(RawUpstream.Script script, Map<ConfigKey, String> settings, Scenario scenario) throws Exception {
        try (RawUpstream upstream = RawUpstream.answering(script);
                RelayFixture fixture = RelayFixture.over(settings)) {
            fixture.relay()
                    .administration()
                    .createAccount(NewAccount.apiKey("raw", upstream.uri().toString(), Secret.of("sk-ant-stalled")));
            try (RelayServer server = RelayServer.start(fixture.config(), fixture.relay())) {
                scenario.run(fixture, server);
                fixture.awaitIdle();
            }
        } finally {
            over.countDown();
        }
    }

    private void stall() {
        try {
            assertThat(over.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_refusal_that_never_ends_is_told_without_its_words() throws Exception {
        RawUpstream.Script script = (head, out) -> {
            out.write(RawUpstream.bytes("HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n"
                    + "content-length: 1000\r\n\r\n{\"type\":\"error\""));
            out.flush();
            stall();
        };
        with(script, Map.of(ConfigKey.SILENCE_TIMEOUT, "500"), (fixture, server) -> {
            try (RawClient client = new RawClient(server.port())) {
                RawClient.Answer answer =
                        client.post("/v1/messages", fixture.key(), PLAIN).readAnswer();
                assertThat(answer.head().status()).isEqualTo(400);
                assertThat(answer.text()).contains("invalid_request_error");
            }
            assertThat(fixture.listener().await(1).outcome()).isEqualTo(Outcome.UPSTREAM_REFUSED);
        });
    }

    @Test
    void a_refusal_is_told_though_the_upstream_reads_no_further() throws Exception {
        byte[] large = new byte[20 * 1024 * 1024];
        java.util.Arrays.fill(large, (byte) ' ');
        System.arraycopy(PLAIN, 0, large, 0, PLAIN.length);
        try (EarlyRefusal upstream = new EarlyRefusal();
                RelayFixture fixture = RelayFixture.over()) {
            fixture.relay()
                    .administration()
                    .createAccount(NewAccount.apiKey("early", upstream.uri(), Secret.of("sk-ant-early")));
            try (RelayServer server = RelayServer.start(fixture.config(), fixture.relay());
                    RawClient client = new RawClient(server.port())) {
                RawClient.Answer answer =
                        client.post("/v1/messages", fixture.key(), large).readAnswer();
                assertThat(answer.head().status()).isEqualTo(413);
                assertThat(answer.text()).isEqualTo(EarlyRefusal.BODY);
                fixture.awaitIdle();
            }
        }
    }

    @Test
    void a_client_that_reads_slowly_is_not_a_silent_upstream() throws Exception {
        int pieces = 1_500;
        byte[] piece = new byte[16 * 1024];
        RawUpstream.Script script = (head, out) -> {
            out.write(RawUpstream.bytes("HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: "
                    + pieces * piece.length + "\r\n\r\n"));
            for (int i = 0; i < pieces; i++) {
                out.write(piece);
            }
        };
        with(script, Map.of(ConfigKey.SILENCE_TIMEOUT, "400"), (fixture, server) -> {
            try (RawClient client = new RawClient(server.port())) {
                RawClient.Head head =
                        client.post("/v1/messages", fixture.key(), PLAIN).readHead();
                long pause = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_500);
                Wait.until("the pause to be over", () -> System.nanoTime() > pause);
                assertThat(client.readBody(head)).hasSize(pieces * piece.length);
            }
            assertThat(fixture.listener().await(1).outcome()).isEqualTo(Outcome.COMPLETED);
        });
    }

    @Test
    void a_slow_upload_is_not_the_upstream_s_time() throws Exception {
        RawUpstream.Script script = StalledPeersTest::answer;
        with(script, Map.of(ConfigKey.REQUEST_TIMEOUT, "1000"), (fixture, server) -> {
            try (RawClient client = new RawClient(server.port())) {
                client.head("POST /v1/messages", "x-api-key: " + fixture.key(), "content-length: " + PLAIN.length);
                client.send(new byte[] {PLAIN[0]});
                long pause = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_500);
                Wait.until("the pause to be over", () -> System.nanoTime() > pause);
                client.send(java.util.Arrays.copyOfRange(PLAIN, 1, PLAIN.length));
                assertThat(client.readAnswer().head().status()).isEqualTo(200);
            }
        });
    }

    @Test
    void long_headers_are_passed_on() throws Exception {
        with(StalledPeersTest::answer, Map.of(), (fixture, server) -> {
            try (RawClient client = new RawClient(server.port())) {
                assertThat(client.post("/v1/messages", fixture.key(), PLAIN, "anthropic-beta: " + "b".repeat(40_000))
                                .readAnswer()
                                .head()
                                .status())
                        .isEqualTo(200);
            }
        });
    }

    @Test
    void the_body_of_a_stranger_to_the_administration_is_not_read() throws Exception {
        try (RelayFixture fixture = RelayFixture.over();
                RelayServer server = RelayServer.start(fixture.config(), fixture.relay());
                RawClient client = new RawClient(server.port())) {
            client.head("POST /admin/accounts", "content-length: 900000");
            RawClient.Answer answer = client.readAnswer();
            assertThat(answer.head().status()).isEqualTo(401);
            assertThat(answer.text())
                    .contains("\"request_id\":\"" + answer.head().header("request-id") + "\"");
        }
    }

    @Test
    void a_body_too_long_to_log_in_with_is_refused() throws Exception {
        try (RelayFixture fixture = RelayFixture.over();
                RelayServer server = RelayServer.start(fixture.config(), fixture.relay());
                RawClient client = new RawClient(server.port())) {
            client.head("POST /admin/login", "content-length: 5000");
            assertThat(client.readAnswer().head().status()).isEqualTo(413);
        }
    }

    private static void answer(String head, OutputStream out) throws java.io.IOException {
        out.write(RawUpstream.bytes("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n"
                + "connection: close\r\n\r\n{}"));
        out.flush();
    }
}
