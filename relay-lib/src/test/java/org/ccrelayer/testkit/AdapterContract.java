package org.ccrelayer.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.Relay;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every adapter between a container and the relay must do, seen from both sides of the wire. */
@ExtendWith(CanaryWatch.class)
public abstract class AdapterContract {
    private static final byte[] STREAMING = body(true, Canary.PROMPT.text());
    private static final byte[] PLAIN = body(false, Canary.PROMPT.text());

    private SimulatedClaude upstream;
    private RelayFixture fixture;
    private Served served;

    /** A relay behind the adapter. */
    public record Served(int port, AutoCloseable close) {}

    /** Serves {@code relay} on a free port of loopback, below the root path. */
    protected abstract Served serve(Relay relay) throws Exception;

    @BeforeEach
    void start() throws Exception {
        upstream = SimulatedClaude.start();
        fixture =
                RelayFixture.over(Map.of(ConfigKey.MAX_RETRY_ACCOUNTS, "0", ConfigKey.BODY_TIMEOUT, "1500"), upstream);
        served = serve(fixture.relay());
    }

    @AfterEach
    void stop() throws Exception {
        try {
            fixture.close();
        } finally {
            served.close().close();
            upstream.close();
        }
    }

    static byte[] body(boolean stream, String prompt) {
        return ("{ \"model\" : \"claude-sonnet-5-5\",\t\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\""
                        + prompt + "\"}],\n\"stream\":" + stream + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private RawClient client() throws IOException {
        return new RawClient(served.port());
    }

    private void answerFrom(RawUpstream raw) {
        var administration = fixture.relay().administration();
        fixture.accounts().forEach(account -> administration.deleteAccount(account.id()));
        administration.createAccount(
                NewAccount.apiKey("raw", raw.uri().toString(), Secret.of(Canary.UPSTREAM_KEY.text())));
    }

    @Test
    void a_json_answer_arrives_whole_and_is_booked() throws Exception {
        try (RawClient client = client()) {
            RawClient.Answer answer =
                    client.post("/v1/messages", fixture.key(), PLAIN).readAnswer();
            assertThat(answer.head().status()).isEqualTo(200);
            assertThat(answer.text()).contains("\"type\":\"message\"");
            assertThat(answer.head().headers())
                    .filteredOn(entry -> entry.getKey().equalsIgnoreCase("date"))
                    .hasSize(1);
        }
        RequestSummary summary = fixture.listener().await(1);
        assertThat(summary.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(summary.attempts().get(0).row().state()).isEqualTo(State.FINAL);
        assertThat(summary.attempts().get(0).row().costNanoUsd()).isPositive();
    }

    @Test
    void each_event_arrives_while_the_next_is_not_yet_sent() throws Exception {
        upstream.enqueue(Script.answer().events(5).trickle(java.time.Duration.ofMillis(200)));
        try (RawClient client = client()) {
            RawClient.Head head = client.post("/v1/messages?beta=true", fixture.key(), STREAMING)
                    .readHead();
            assertThat(head.header("content-type")).startsWith("text/event-stream");
            client.readUntil("event: message_start");
            assertThat(upstream.openStreams()).isEqualTo(1);
            client.readUntil("content_block_delta");
            assertThat(upstream.openStreams()).isEqualTo(1);
            client.readUntil("event: message_stop");
            assertThat(client.readChunk()).isEmpty();
        }
        assertThat(fixture.listener().await(1).outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void a_large_body_reaches_the_upstream_byte_for_byte() throws Exception {
        Random random = new Random(1);
        StringBuilder prompt = new StringBuilder();
        while (prompt.length() < 3_000_000) {
            prompt.append(random.nextInt(5) == 0 ? "\\u00e9\\n \\\" ä 你 🚀" : "plain text ");
        }
        byte[] large = body(true, prompt.toString());
        try (RawClient client = client()) {
            assertThat(client.post("/v1/messages", fixture.key(), large)
                            .readAnswer()
                            .head()
                            .status())
                    .isEqualTo(200);
        }
        assertThat(upstream.received().get(0).sha256())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(large)));
    }

    @Test
    void a_body_in_many_pieces_is_put_together() throws Exception {
        try (RawClient client = client()) {
            client.head(
                    "POST /v1/messages",
                    "authorization: Bearer " + fixture.key(),
                    "anthropic-version: 2023-06-01",
                    "transfer-encoding: chunked");
            for (byte b : PLAIN) {
                client.send(new byte[] {'1', '\r', '\n', b, '\r', '\n'});
            }
            client.send(RawUpstream.bytes("0\r\n\r\n"));
            assertThat(client.readAnswer().head().status()).isEqualTo(200);
        }
        assertThat(upstream.received().get(0).body()).isEqualTo(PLAIN);
    }

    @Test
    void one_connection_carries_many_requests() throws Exception {
        try (RawClient client = client()) {
            for (int i = 0; i < 20; i++) {
                byte[] request = i % 2 == 0 ? PLAIN : STREAMING;
                assertThat(client.post("/v1/messages", fixture.key(), request)
                                .readAnswer()
                                .text())
                        .contains(i % 2 == 0 ? "\"usage\"" : "event: message_stop");
            }
        }
        assertThat(upstream.acceptedConnections()).isEqualTo(1);
    }

    @Test
    void a_body_that_is_announced_too_large_is_refused_before_it_is_sent() throws Exception {
        try (RawClient client = client()) {
            client.head("POST /v1/messages", "x-api-key: " + fixture.key(), "content-length: 33554433");
            RawClient.Answer answer = client.readAnswer();
            assertThat(answer.head().status()).isEqualTo(413);
            assertThat(answer.text()).contains("request_too_large");
        }
        assertThat(upstream.requestCount()).isZero();
    }

    @Test
    void a_refusal_reaches_a_client_that_is_still_sending() throws Exception {
        try (RawClient client = client()) {
            client.head("POST /v1/messages", "x-api-key: cr_wrong_wrong_wrong", "content-length: 20000000");
            client.send(new byte[100_000]);
            RawClient.Answer answer = client.readAnswer();
            assertThat(answer.head().status()).isEqualTo(401);
            assertThat(answer.head().header("x-should-retry")).isEqualTo("false");
        }
    }

    @Test
    void a_client_that_stops_in_the_middle_of_its_body_is_told() throws Exception {
        try (RawClient client = client()) {
            client.head("POST /v1/messages", "x-api-key: " + fixture.key(), "content-length: 1000");
            client.send(new byte[] {'{'});
            RawClient.Answer answer = client.readAnswer();
            assertThat(answer.head().status()).isEqualTo(408);
            assertThat(answer.text()).contains("\"type\":\"error\"");
        }
        assertThat(fixture.listener().await(1).outcome()).isEqualTo(Outcome.BODY_TIMEOUT);
    }

    @Test
    void a_client_that_resets_its_connection_ends_the_upstream_request() throws Exception {
        upstream.enqueue(Script.answer().events(10_000).trickle(java.time.Duration.ofMillis(20)));
        RawClient client = client();
        client.post("/v1/messages", fixture.key(), STREAMING).readHead();
        client.readUntil("content_block_delta");
        client.reset();
        Wait.until("the upstream to be cancelled", () -> upstream.cancelledStreams() == 1);
        RequestSummary summary = fixture.listener().await(1);
        assertThat(summary.outcome()).isEqualTo(Outcome.CLIENT_GONE);
        assertThat(summary.attempts().get(0).row().state()).isEqualTo(State.ESTIMATED);
    }

    @Test
    void a_client_that_closes_its_connection_ends_the_upstream_request() throws Exception {
        upstream.enqueue(Script.answer().events(10_000).trickle(java.time.Duration.ofMillis(20)));
        try (RawClient client = client()) {
            client.post("/v1/messages", fixture.key(), STREAMING).readHead();
            client.readUntil("content_block_delta");
        }
        Wait.until("the upstream to be cancelled", () -> upstream.cancelledStreams() == 1);
        assertThat(fixture.listener().await(1).outcome()).isEqualTo(Outcome.CLIENT_GONE);
    }

    @Test
    void an_answer_whose_client_left_is_read_on_where_that_is_wanted() throws Exception {
        Map<ConfigKey, String> settings = Map.of(ConfigKey.CLIENT_GONE_POLICY, "drain");
        try (RelayFixture draining = RelayFixture.over(settings, upstream)) {
            Served other = serve(draining.relay());
            upstream.enqueue(Script.answer().events(100).trickle(java.time.Duration.ofMillis(10)));
            RawClient client = new RawClient(other.port());
            client.post("/v1/messages", draining.key(), STREAMING).readHead();
            client.readUntil("content_block_delta");
            client.reset();
            RequestSummary summary = draining.listener().await(1);
            assertThat(summary.outcome()).isEqualTo(Outcome.CLIENT_GONE);
            assertThat(summary.attempts().get(0).row().state()).isEqualTo(State.FINAL);
            other.close().close();
        }
        assertThat(upstream.cancelledStreams()).isZero();
    }

    @Test
    void a_client_that_leaves_while_sending_its_body_leaves_nothing_behind() throws Exception {
        RawClient client = client();
        client.head("POST /v1/messages", "x-api-key: " + fixture.key(), "content-length: 1000000");
        client.send(new byte[] {'{'});
        Wait.until("the exchange to begin", () -> fixture.relay().exchangesInFlight() == 1);
        client.reset();
        assertThat(fixture.listener().await(1).outcome()).isEqualTo(Outcome.CLIENT_GONE);
        assertThat(upstream.requestCount()).isZero();
    }

    @Test
    void a_client_that_only_stops_sending_gets_its_whole_answer() throws Exception {
        upstream.enqueue(Script.answer().events(5).trickle(java.time.Duration.ofMillis(50)));
        try (RawClient client = client()) {
            client.post("/v1/messages", fixture.key(), STREAMING);
            client.halfClose();
            assertThat(client.readAnswer().text()).contains("event: message_stop");
        }
    }

    @Test
    void an_upstream_that_breaks_between_events_is_told_as_an_error_event() throws Exception {
        upstream.enqueue(Script.answer().eventPerWrite().cutAfterEvent(4));
        try (RawClient client = client()) {
            RawClient.Answer answer =
                    client.post("/v1/messages", fixture.key(), STREAMING).readAnswer();
            assertThat(answer.head().status()).isEqualTo(200);
            assertThat(answer.text())
                    .contains("\n\nevent: error\ndata: {\"type\":\"error\"")
                    .endsWith("\n\n");
            assertThat(answer.text()).doesNotContain("message_stop");
        }
        RequestSummary summary = fixture.listener().await(1);
        assertThat(summary.outcome()).isEqualTo(Outcome.UPSTREAM_BROKEN);
        assertThat(summary.attempts().get(0).row().state()).isEqualTo(State.ESTIMATED);
    }

    @Test
    void an_upstream_that_breaks_inside_an_event_breaks_the_answer() throws Exception {
        upstream.enqueue(Script.answer().eventPerWrite().cutMidEvent(4));
        try (RawClient client = client()) {
            RawClient.Head head =
                    client.post("/v1/messages", fixture.key(), STREAMING).readHead();
            assertThatThrownBy(() -> client.readBody(head)).isInstanceOf(IOException.class);
        }
        assertThat(fixture.listener().await(1).outcome()).isEqualTo(Outcome.UPSTREAM_BROKEN);
    }

    @Test
    void an_answer_with_a_length_that_breaks_is_not_completed() throws Exception {
        try (RawUpstream raw = RawUpstream.answering((head, out) -> {
            out.write(RawUpstream.bytes("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                    + "content-length: 100000\r\n\r\n{\"type\":\"message\""));
            out.flush();
        })) {
            answerFrom(raw);
            try (RawClient client = client()) {
                RawClient.Head head =
                        client.post("/v1/messages", fixture.key(), PLAIN).readHead();
                assertThat(head.header("content-length")).isEqualTo("100000");
                assertThatThrownBy(() -> client.readBody(head)).isInstanceOf(EOFException.class);
            }
        }
        assertThat(fixture.listener().await(1).outcome()).isEqualTo(Outcome.UPSTREAM_BROKEN);
    }

    @Test
    void a_client_that_stops_reading_stops_its_upstream() throws Exception {
        int pieces = 4_096;
        byte[] piece = new byte[16 * 1024];
        AtomicLong sent = new AtomicLong();
        try (RawUpstream raw = RawUpstream.answering((head, out) -> {
            out.write(RawUpstream.bytes("HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: "
                    + (long) pieces * piece.length + "\r\n\r\n"));
            for (int i = 0; i < pieces; i++) {
                out.write(piece);
                sent.addAndGet(piece.length);
            }
        })) {
            answerFrom(raw);
            try (RawClient client = client()) {
                RawClient.Head head =
                        client.post("/v1/messages", fixture.key(), PLAIN).readHead();
                Wait.until("the upstream to be stalled", () -> stalled(sent));
                assertThat(sent.get()).isLessThan(24L * 1024 * 1024);
                assertThat(client.readBody(head)).hasSize(pieces * piece.length);
            }
        }
    }

    /** Nothing moved during a tenth of a second, though something had. */
    private static boolean stalled(AtomicLong sent) {
        long before = sent.get();
        long end = System.nanoTime() + 300_000_000L;
        while (System.nanoTime() < end) {
            if (sent.get() != before) {
                return false;
            }
            Thread.onSpinWait();
        }
        return before > 0;
    }

    @Test
    void many_streams_stay_whole_while_others_are_aborted() throws Exception {
        upstream.always(Script.answer().events(20));
        for (int i = 0; i < 200; i++) {
            RawClient client = client();
            client.post("/v1/messages", fixture.key(), STREAMING);
            if (i % 10 == 0) {
                client.readHead();
                client.reset();
            } else {
                assertThat(client.readAnswer().text())
                        .endsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
                client.close();
            }
        }
        fixture.listener().await(200);
    }

    @Test
    void an_answer_has_one_date_and_it_is_the_upstream_s() throws Exception {
        String date = "Mon, 23 Nov 2026 12:00:00 GMT";
        upstream.enqueue(Script.answer().withHeader("date", date));
        try (RawClient client = client()) {
            RawClient.Head head = client.post("/v1/messages", fixture.key(), PLAIN)
                    .readAnswer()
                    .head();
            assertThat(head.headers().stream()
                            .filter(field -> field.getKey().equalsIgnoreCase("date"))
                            .map(Map.Entry::getValue))
                    .containsExactly(date);
        }
    }

    @Test
    void an_unknown_path_is_a_404_in_the_api_shape() throws Exception {
        try (RawClient client = client()) {
            RawClient.Answer answer = client.head("GET /v1/organizations/me").readAnswer();
            assertThat(answer.head().status()).isEqualTo(404);
            assertThat(answer.text())
                    .contains("\"not_found_error\"")
                    .contains("\"request_id\":\"" + answer.head().header("request-id") + "\"");
        }
    }
}
