package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RawUpstream;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An answer arrives as the upstream sent it: every byte, no sooner ended than it was, in as few writes as possible. */
class StreamForwardingTest {
    private static final String STREAM_HEAD =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    private static final String TRANSCRIPT = ": a comment\r\n\r\n"
            + "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\","
            + "\"model\":\"claude-sonnet-5-5\",\"usage\":{\"input_tokens\":1000,\"output_tokens\":1}}}\n\n"
            + "event: ping\ndata: {\"type\": \"ping\"}\n\n"
            + "event:content_block_start\rdata:{\"type\":\"content_block_start\",\"index\":0,\"content_block\":"
            + "{\"type\":\"text\",\"text\":\"\"}}\r\r"
            + "event: not_yet_known\nid: 7\nretry: 10\ndata: {\"type\":\n"
            + "data: \"not_yet_known\"}\n\n\n"
            + "event: content_block_delta\r\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
            + "{\"type\":\"text_delta\",\"text\":\"ä 你 🚀 \\u00e9\"}}\r\n\r\n"
            + "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
            + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
            + "\"usage\":{\"output_tokens\":200}}\n\n"
            + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    private final CountDownLatch reader = new CountDownLatch(1);
    private SimulatedClaude upstream;
    private StandaloneRelay relay;

    @BeforeEach
    void start() {
        upstream = SimulatedClaude.start();
        relay = StandaloneRelay.start();
    }

    @AfterEach
    void stop() {
        reader.countDown();
        relay.close();
        upstream.close();
    }

    private static Script transcript() {
        return Script.raw(200, "text/event-stream; charset=utf-8", TRANSCRIPT.getBytes(StandardCharsets.UTF_8));
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    /** Keeps an upstream waiting until the client has read what came before. */
    private void awaitReader() {
        try {
            reader.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private UsageRecord onlyRow() {
        RequestSummary summary = relay.listener().await(1);
        List<UsageRecord> rows = relay.rows(summary);
        assertThat(rows).hasSize(1);
        assertThat(summary.attempts().get(0).row()).isEqualTo(rows.get(0));
        return rows.get(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 64})
    void every_byte_of_a_stream_passes_however_it_is_cut(int pieces) throws Exception {
        relay.account(upstream.uri());
        upstream.enqueue(transcript().chunkSize(pieces));
        RawClient.Answer answer = relay.post(StandaloneRelay.stream());
        assertThat(answer.text()).isEqualTo(TRANSCRIPT);
        assertThat(answer.head().header("content-type")).isEqualTo("text/event-stream; charset=utf-8");
        assertThat(onlyRow().state()).isEqualTo(State.FINAL);
        assertThat(onlyRow().tokens()).isEqualTo(new Tokens(1000, 200, 0, 0, 0));
        assertThat(relay.listener().await(1).responseBytes()).isEqualTo(answer.body().length);
    }

    @Test
    void a_json_answer_passes_byte_for_byte() throws Exception {
        relay.account(upstream.uri());
        String json = " {\n\"type\" : \"message\",\"content\":[{\"type\":\"text\",\"text\":\"\\u00e9 \\/ä\"}],"
                + "\"usage\":{\"input_tokens\":7,\"output_tokens\":3,\"unknown\":1.50}}\r\n ";
        upstream.enqueue(Script.raw(200, "application/json", json.getBytes(StandardCharsets.UTF_8)));
        assertThat(relay.post(StandaloneRelay.message()).text()).isEqualTo(json);
        assertThat(onlyRow().tokens()).isEqualTo(new Tokens(7, 3, 0, 0, 0));
    }

    @Test
    void events_that_arrive_together_leave_together() throws Exception {
        String delta = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
                + "{\"type\":\"text_delta\",\"text\":\"word \"}}\n\n";
        StringBuilder burst = new StringBuilder(STREAM_HEAD);
        for (int i = 0; i < 200; i++) {
            burst.append(chunk(delta));
        }
        String stop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
        try (RawUpstream raw = RawUpstream.answering((head, out) -> {
            out.write(RawUpstream.bytes(burst.toString()));
            awaitReader();
            out.write(RawUpstream.bytes(chunk(stop) + "0\r\n\r\n"));
        })) {
            relay.account(raw.uri());
            try (RawClient client = relay.client()) {
                client.post("/v1/messages", relay.key(), StandaloneRelay.stream())
                        .readHead();
                int chunks = 0;
                StringBuilder text = new StringBuilder();
                while (text.length() < 200 * delta.length()) {
                    chunks++;
                    text.append(new String(client.readChunk(), StandardCharsets.UTF_8));
                }
                reader.countDown();
                assertThat(text.toString()).isEqualTo(delta.repeat(200));
                assertThat(chunks).isLessThan(20);
                assertThat(client.readUntil("message_stop")).isEqualTo(stop);
                assertThat(client.readChunk()).isEmpty();
            }
        }
    }

    @Test
    void a_stream_that_is_encoded_anyway_passes_byte_for_byte_and_is_metered() throws Exception {
        relay.account(upstream.uri());
        upstream.always(transcript().gzip().eventPerWrite());
        byte[] direct;
        try (RawClient client = new RawClient(upstream.port())) {
            direct = client.post("/v1/messages", "sk-ant-direct", StandaloneRelay.stream())
                    .readAnswer()
                    .body();
        }
        RawClient.Answer answer = relay.post(StandaloneRelay.stream());
        assertThat(answer.head().header("content-encoding")).isEqualTo("gzip");
        assertThat(answer.body()).isEqualTo(direct);
        assertThat(onlyRow().state()).isEqualTo(State.FINAL);
        assertThat(onlyRow().tokens()).isEqualTo(new Tokens(1000, 200, 0, 0, 0));
    }

    @Test
    void an_encoded_stream_that_breaks_off_is_broken_off() throws Exception {
        relay.account(upstream.uri());
        upstream.enqueue(transcript().gzip().trickle(Duration.ofMillis(50)).cutAfterEvent(4));
        try (RawClient client = relay.client()) {
            RawClient.Head head = client.post("/v1/messages", relay.key(), StandaloneRelay.stream())
                    .readHead();
            assertThatThrownBy(() -> client.readBody(head)).isInstanceOf(IOException.class);
        }
        assertThat(onlyRow().state()).isEqualTo(State.ESTIMATED);
    }

    @Test
    void a_stream_that_ends_cleanly_without_its_last_event_is_visibly_broken() throws Exception {
        relay.account(upstream.uri());
        upstream.enqueue(Script.answer().trickle(Duration.ofMillis(30)).cleanEndAfterEvent(4));
        RawClient.Answer answer = relay.post(StandaloneRelay.stream());
        assertThat(answer.text())
                .contains("\n\nevent: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\"")
                .endsWith("\n\n")
                .doesNotContain("message_stop");
        assertThat(relay.listener().await(1).outcome()).isEqualTo(Outcome.UPSTREAM_BROKEN);
        assertThat(onlyRow().state()).isEqualTo(State.ESTIMATED);
    }

    @Test
    void a_stream_that_ends_cleanly_inside_an_event_is_broken_off() throws Exception {
        String beginning = "event: message_start\ndata: {";
        try (RawUpstream raw = RawUpstream.answering((head, out) -> {
            out.write(RawUpstream.bytes(STREAM_HEAD + chunk(beginning)));
            awaitReader();
            out.write(RawUpstream.bytes("0\r\n\r\n"));
        })) {
            relay.account(raw.uri());
            try (RawClient client = relay.client()) {
                RawClient.Head head = client.post("/v1/messages", relay.key(), StandaloneRelay.stream())
                        .readHead();
                assertThat(head.status()).isEqualTo(200);
                reader.countDown();
                assertThatThrownBy(() -> client.readBody(head)).isInstanceOf(IOException.class);
            }
        }
        assertThat(relay.listener().await(1).outcome()).isEqualTo(Outcome.UPSTREAM_BROKEN);
    }

    @Test
    void a_stream_without_any_event_is_no_answer() throws Exception {
        relay.account(upstream.uri());
        upstream.enqueue(Script.answer().cleanEndAfterEvent(0));
        RawClient.Answer answer = relay.post(StandaloneRelay.stream());
        assertThat(answer.head().status()).isEqualTo(502);
        assertThat(answer.text()).contains("\"api_error\"");
    }

    @Test
    void an_error_event_of_the_upstream_passes_and_is_estimated() throws Exception {
        relay.account(upstream.uri());
        upstream.enqueue(Script.text("four or more words of it")
                .withUsage(1000, 500, 0, 0, 0)
                .errorEventAfter(6, "overloaded_error"));
        RawClient.Answer answer = relay.post(StandaloneRelay.stream());
        assertThat(answer.head().status()).isEqualTo(200);
        assertThat(answer.text())
                .contains("\n\nevent: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"")
                .containsOnlyOnce("event: error")
                .endsWith("\n\n");
        assertThat(relay.listener().await(1).outcome()).isEqualTo(Outcome.UPSTREAM_ERROR_EVENT);
        assertThat(onlyRow().state()).isEqualTo(State.ESTIMATED);
        assertThat(onlyRow().tokens().input()).isEqualTo(1000);
        assertThat(onlyRow().tokens().output()).isBetween(1L, 6L);
        assertThat(onlyRow().costNanoUsd()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"100 Continue", "102 Processing", "103 Early Hints", "104 Upload Resumption Supported"})
    void an_interim_answer_is_not_the_answer(String interim) throws Exception {
        String json = "{\"type\":\"message\",\"usage\":{\"input_tokens\":7,\"output_tokens\":3}}";
        try (RawUpstream raw = RawUpstream.answering((head, out) -> {
            out.write(RawUpstream.bytes("HTTP/1.1 " + interim + "\r\nlink: </canary>\r\n\r\n"));
            out.flush();
            out.write(RawUpstream.bytes("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n"
                    + "content-length: " + json.length() + "\r\n\r\n" + json));
        })) {
            relay.account(raw.uri());
            RawClient.Answer answer = relay.post(StandaloneRelay.message());
            assertThat(answer.head().status()).isEqualTo(200);
            assertThat(answer.head().has("link")).isFalse();
            assertThat(answer.text()).isEqualTo(json);
            assertThat(onlyRow().tokens()).isEqualTo(new Tokens(7, 3, 0, 0, 0));
        }
    }

    @Test
    void a_switch_of_protocols_that_nobody_asked_for_is_a_failure() throws Exception {
        try (RawUpstream raw = RawUpstream.answering((head, out) -> {
            out.write(RawUpstream.bytes(
                    "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n"));
            out.flush();
            awaitReader();
        })) {
            relay.account(raw.uri());
            assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(502);
            assertThat(relay.listener().await(1).outcome()).isEqualTo(Outcome.UPSTREAM_UNREACHABLE);
        }
    }

    @Test
    void what_accept_says_does_not_decide_whether_an_answer_is_streamed() throws Exception {
        relay.account(upstream.uri());
        byte[] lastKey =
                "{\"model\":\"claude-sonnet-5-5\",\"messages\":[],\"stream\":true}".getBytes(StandardCharsets.UTF_8);
        assertThat(relay.post(lastKey, "accept: application/json").text()).contains("event: message_stop");
        assertThat(relay.listener().await(1).streaming()).isTrue();
    }
}
