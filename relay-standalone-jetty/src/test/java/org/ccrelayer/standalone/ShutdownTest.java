package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A relay that goes down sees running answers out for a while, and ends the rest so that nobody takes them for whole. */
class ShutdownTest {
    private SimulatedClaude upstream;
    private StandaloneRelay relay;
    private int port;

    @BeforeEach
    void start() {
        upstream = SimulatedClaude.start();
    }

    @AfterEach
    void stop() {
        relay.close();
        upstream.close();
    }

    private void startWithin(Duration limit) {
        relay = StandaloneRelay.start(Map.of(ConfigKey.SHUTDOWN_TIMEOUT, Long.toString(limit.toMillis())));
        relay.account(upstream.uri());
        port = relay.server().port();
    }

    private CompletableFuture<Void> shutDown() {
        return CompletableFuture.runAsync(relay.server()::close);
    }

    private void isGone() {
        assertThat(relay.relay().exchangesInFlight()).isZero();
        assertThat(relay.relay().permitsHeld()).isZero();
        assertThat(relay.relay().bodyBytesInUse()).isZero();
        assertThatThrownBy(() -> new RawClient(port).close()).isInstanceOf(IOException.class);
    }

    @Test
    void a_running_stream_may_finish() throws Exception {
        startWithin(Duration.ofSeconds(20));
        upstream.enqueue(Script.answer().events(20).trickle(Duration.ofMillis(30)));
        try (RawClient client = relay.client()) {
            client.post("/v1/messages", relay.key(), StandaloneRelay.stream()).readHead();
            client.readUntil("content_block_delta");
            CompletableFuture<Void> closing = shutDown();
            client.readUntil("event: message_stop");
            assertThat(client.readChunk()).isEmpty();
            closing.get(20, TimeUnit.SECONDS);
        }
        RequestSummary summary = relay.listener().await(1);
        assertThat(summary.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(summary.attempts().get(0).row().state()).isEqualTo(State.FINAL);
        isGone();
    }

    @Test
    void others_are_sent_elsewhere_while_a_stream_finishes() throws Exception {
        startWithin(Duration.ofSeconds(20));
        upstream.enqueue(Script.answer().events(100).trickle(Duration.ofMillis(20)));
        try (RawClient client = relay.client();
                RawClient other = relay.client()) {
            client.post("/v1/messages", relay.key(), StandaloneRelay.stream()).readHead();
            CompletableFuture<Void> closing = shutDown();
            Wait.until("the relay to drain", () -> refused(other));
            client.readUntil("event: message_stop");
            closing.get(20, TimeUnit.SECONDS);
        }
        assertThat(upstream.requestCount()).isEqualTo(1);
    }

    private boolean refused(RawClient client) {
        try {
            RawClient.Answer answer = client.head("GET /health").readAnswer();
            return answer.head().status() == 503 && answer.text().contains("draining");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_stream_that_takes_too_long_ends_visibly() throws Exception {
        startWithin(Duration.ofMillis(200));
        upstream.enqueue(Script.answer().events(10_000).trickle(Duration.ofMillis(20)));
        try (RawClient client = relay.client()) {
            client.post("/v1/messages", relay.key(), StandaloneRelay.stream()).readHead();
            client.readUntil("content_block_delta");
            CompletableFuture<Void> closing = shutDown();
            ByteArrayOutputStream rest = new ByteArrayOutputStream();
            for (byte[] chunk = client.readChunk(); chunk.length > 0; chunk = client.readChunk()) {
                rest.writeBytes(chunk);
            }
            assertThat(rest.toString(StandardCharsets.UTF_8))
                    .contains("\n\nevent: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"")
                    .endsWith("\n\n")
                    .doesNotContain("message_stop");
            closing.get(20, TimeUnit.SECONDS);
        }
        Wait.until("the upstream to be told", () -> upstream.cancelledStreams() == 1);
        RequestSummary summary = relay.listener().await(1);
        assertThat(summary.outcome()).isEqualTo(Outcome.DRAINING);
        assertThat(relay.listener().summaries()).hasSize(1);
        assertThat(summary.attempts().get(0).row().state()).isEqualTo(State.ESTIMATED);
        isGone();
    }

    @Test
    void an_answer_that_has_not_begun_ends_as_a_503() throws Exception {
        for (Script slow : new Script[] {
            Script.answer().delay(Duration.ofMinutes(5)), Script.answer().delayBeforeBody(Duration.ofMinutes(5))
        }) {
            startWithin(Duration.ofMillis(200));
            upstream.enqueue(slow);
            Wait.until("nothing of before", () -> upstream.openStreams() == 0);
            try (RawClient client = relay.client()) {
                client.post("/v1/messages", relay.key(), StandaloneRelay.stream());
                Wait.until("the upstream to be asked", () -> upstream.openStreams() == 1);
                CompletableFuture<Void> closing = shutDown();
                RawClient.Answer answer = client.readAnswer();
                assertThat(answer.head().status()).isEqualTo(503);
                assertThat(answer.text()).contains("\"overloaded_error\"", "shutting down");
                closing.get(20, TimeUnit.SECONDS);
            }
            RequestSummary summary = relay.listener().await(1);
            assertThat(summary.outcome()).isEqualTo(Outcome.DRAINING);
            assertThat(summary.attempts()).hasSize(1);
            assertThat(summary.attempts().get(0).row().state()).isEqualTo(State.UNKNOWN);
            isGone();
        }
    }

    @Test
    void a_client_that_does_not_read_is_not_waited_for_and_yet_booked() throws Exception {
        startWithin(Duration.ofMillis(200));
        upstream.enqueue(Script.answer().events(400_000).deltaText("x".repeat(200)));
        try (RawClient client = relay.client()) {
            client.post("/v1/messages", relay.key(), StandaloneRelay.stream()).readHead();
            CompletableFuture<Void> closing = shutDown();
            closing.get(20, TimeUnit.SECONDS);
            assertThat(relay.listener().summaries()).hasSize(1);
            RequestSummary summary = relay.listener().summaries().get(0);
            assertThat(summary.outcome()).isEqualTo(Outcome.DRAINING);
            assertThat(summary.attempts()).hasSize(1);
            assertThat(summary.attempts().get(0).row().state()).isEqualTo(State.ESTIMATED);
            isGone();
        }
    }

    @Test
    void closing_twice_is_no_error() {
        startWithin(Duration.ofMillis(200));
        relay.server().close();
        relay.server().close();
        relay.relay().close();
        isGone();
    }
}
