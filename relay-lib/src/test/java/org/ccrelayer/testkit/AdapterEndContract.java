package org.ccrelayer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.Test;

/** The part of {@link AdapterContract} that is about clients that leave and answers that break. */
abstract class AdapterEndContract extends AdapterBodyContract {
    private static final String STREAM_HEAD =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    private static final String START = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":"
            + "\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-5-5\",\"content\":[],"
            + "\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}}\n\n";
    private static final String HALF_AN_EVENT = "event: content_block_delta\ndata: {\"type\":\"content_bl";
    private static final String END =
            "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
                    + "\"end_turn\"},\"usage\":{\"output_tokens\":7}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    private static void chunk(OutputStream out, String text) throws IOException {
        out.write(RawUpstream.bytes(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n"));
        out.flush();
    }

    @Test
    void a_client_that_leaves_while_sending_its_body_leaves_nothing_behind() throws Exception {
        RawClient client = client();
        client.head("POST /v1/messages", "x-api-key: " + fixture().key(), "content-length: 1000000");
        client.send(new byte[] {'{'});
        Wait.until("the exchange to begin", () -> fixture().relay().exchangesInFlight() == 1);
        client.reset();
        assertThat(fixture().listener().await(1).outcome()).isEqualTo(Outcome.CLIENT_GONE);
        assertThat(upstream().requestCount()).isZero();
    }

    /** HTTP/1.1 tells of it only when something is written. */
    @Test
    void a_client_that_leaves_before_its_answer_begins_is_missed_when_it_does() throws Exception {
        upstream().enqueue(Script.answer().delay(millis(300)).events(10_000).trickle(millis(20)));
        RawClient client = client();
        client.post("/v1/messages", fixture().key(), STREAMING);
        Wait.until("the request to be there", () -> upstream().requestCount() == 1);
        client.reset();
        assertCancelled();
    }

    @Test
    void a_client_that_leaves_after_the_first_event_ends_the_upstream_request() throws Exception {
        upstream().enqueue(Script.answer().events(10_000).trickle(millis(20)));
        RawClient client = client();
        client.post("/v1/messages", fixture().key(), STREAMING).readHead();
        client.readUntil("event: message_start");
        client.reset();
        assertCancelled();
    }

    @Test
    void a_client_that_resets_its_connection_ends_the_upstream_request() throws Exception {
        upstream().enqueue(Script.answer().events(10_000).trickle(millis(20)));
        RawClient client = client();
        client.post("/v1/messages", fixture().key(), STREAMING).readHead();
        client.readUntil("content_block_delta");
        client.reset();
        assertCancelled();
    }

    @Test
    void a_client_that_closes_its_connection_ends_the_upstream_request() throws Exception {
        upstream().enqueue(Script.answer().events(10_000).trickle(millis(20)));
        try (RawClient client = client()) {
            client.post("/v1/messages", fixture().key(), STREAMING).readHead();
            client.readUntil("content_block_delta");
        }
        assertCancelled();
    }

    private void assertCancelled() {
        Wait.until("the upstream to be cancelled", () -> upstream().cancelledStreams() == 1);
        RequestSummary summary = fixture().listener().await(1);
        assertThat(summary.outcome()).isEqualTo(Outcome.CLIENT_GONE);
        assertThat(summary.attempts().get(0).row().state()).isEqualTo(State.ESTIMATED);
    }

    @Test
    void a_client_that_leaves_inside_an_event_ends_the_upstream_request() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        try (RawUpstream raw = RawUpstream.answering((head, out) -> {
            out.write(RawUpstream.bytes(STREAM_HEAD));
            chunk(out, START);
            chunk(out, HALF_AN_EVENT);
            try {
                while (true) {
                    TimeUnit.MILLISECONDS.sleep(20);
                    chunk(out, "x");
                }
            } catch (IOException | InterruptedException e) {
                cancelled.countDown();
            }
        })) {
            answerFrom(raw);
            RawClient client = client();
            client.post("/v1/messages", fixture().key(), STREAMING).readHead();
            client.readUntil(HALF_AN_EVENT);
            client.reset();
            assertThat(cancelled.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(fixture().listener().await(1).outcome()).isEqualTo(Outcome.CLIENT_GONE);
    }

    @Test
    void a_client_that_leaves_after_the_last_event_has_its_answer_booked_in_full() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        try (RawUpstream raw = RawUpstream.answering((head, out) -> {
            out.write(RawUpstream.bytes(STREAM_HEAD));
            chunk(out, START + END);
            awaiting(left);
            out.write(RawUpstream.bytes("0\r\n\r\n"));
            out.flush();
        })) {
            answerFrom(raw);
            RawClient client = client();
            client.post("/v1/messages", fixture().key(), STREAMING).readHead();
            client.readUntil("event: message_stop");
            client.reset();
            left.countDown();
            RequestSummary summary = fixture().listener().await(1);
            assertThat(summary.attempts().get(0).row().state()).isEqualTo(State.FINAL);
            assertThat(summary.attempts().get(0).row().tokens().output()).isEqualTo(7);
        }
    }

    private static void awaiting(CountDownLatch latch) throws IOException {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void an_answer_whose_client_left_is_read_on_where_that_is_wanted() throws Exception {
        Map<ConfigKey, String> settings = Map.of(ConfigKey.CLIENT_GONE_POLICY, "drain");
        try (RelayFixture draining = RelayFixture.over(settings, upstream())) {
            Served other = serve(draining.relay());
            upstream().enqueue(Script.answer().events(50).trickle(millis(10)));
            RawClient client = new RawClient(other.port());
            client.post("/v1/messages", draining.key(), STREAMING).readHead();
            client.readUntil("content_block_delta");
            client.reset();
            RequestSummary summary = draining.listener().await(1);
            assertThat(summary.outcome()).isEqualTo(Outcome.CLIENT_GONE);
            assertThat(summary.attempts().get(0).row().state()).isEqualTo(State.FINAL);
            other.close().close();
        }
        assertThat(upstream().cancelledStreams()).isZero();
    }

    @Test
    void a_client_that_only_stops_sending_gets_its_whole_answer() throws Exception {
        upstream().enqueue(Script.answer().events(5).trickle(millis(50)));
        try (RawClient client = client()) {
            client.post("/v1/messages", fixture().key(), STREAMING);
            client.halfClose();
            assertThat(client.readAnswer().text()).contains("event: message_stop");
        }
    }

    @Test
    void an_upstream_that_breaks_between_events_is_told_as_an_error_event() throws Exception {
        upstream().enqueue(Script.answer().eventPerWrite().cutAfterEvent(4));
        try (RawClient client = client()) {
            RawClient.Answer answer =
                    client.post("/v1/messages", fixture().key(), STREAMING).readAnswer();
            assertThat(answer.head().status()).isEqualTo(200);
            assertThat(answer.text())
                    .contains("\n\nevent: error\ndata: {\"type\":\"error\"")
                    .endsWith("\n\n");
            assertThat(answer.text()).doesNotContain("message_stop");
        }
        RequestSummary summary = fixture().listener().await(1);
        assertThat(summary.outcome()).isEqualTo(Outcome.UPSTREAM_BROKEN);
        assertThat(summary.attempts().get(0).row().state()).isEqualTo(State.ESTIMATED);
    }

    @Test
    void an_upstream_that_breaks_inside_an_event_breaks_the_answer() throws Exception {
        String sent = START + HALF_AN_EVENT;
        assertBreaksBehind(STREAMING, sent, RawUpstream.answering((head, out) -> {
            out.write(RawUpstream.bytes(STREAM_HEAD));
            chunk(out, sent);
        }));
    }

    @Test
    void an_answer_with_a_length_that_breaks_is_not_completed() throws Exception {
        String sent = "{\"type\":\"message\"";
        assertBreaksBehind(PLAIN, sent, RawUpstream.answering((head, out) -> {
            // So short that whatever else is written into it could make it look whole.
            out.write(RawUpstream.bytes("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                    + (sent.length() + 5) + "\r\n\r\n" + sent));
            out.flush();
        }));
    }

    /** The client gets what was sent, nothing else, and no proper end. */
    private void assertBreaksBehind(byte[] request, String sent, RawUpstream breaking) throws IOException {
        try (breaking;
                RawClient client = client()) {
            answerFrom(breaking);
            RawClient.Head head =
                    client.post("/v1/messages", fixture().key(), request).readHead();
            assertThat(head.status()).isEqualTo(200);
            assertThat(new String(client.readToBreak(head), StandardCharsets.UTF_8))
                    .isEqualTo(sent);
        }
        assertThat(fixture().listener().await(1).outcome()).isEqualTo(Outcome.UPSTREAM_BROKEN);
    }
}
