package org.ccrelayer.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.CanaryWatch;
import org.ccrelayer.testkit.RawUpstream;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.UsageRecord.State;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Promise;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A relay that is called from the same JVM, over real upstreams. */
@ExtendWith(CanaryWatch.class)
class InMemoryMessagesTest {
    private static final int PLENTY = 1 << 20;

    private SimulatedClaude upstream;
    private RelayFixture fixture;

    @BeforeEach
    void start() {
        upstream = SimulatedClaude.start();
        fixture = RelayFixture.over(Map.of(ConfigKey.MAX_RETRY_ACCOUNTS, "0"), upstream);
    }

    @AfterEach
    void stop() {
        try {
            fixture.close();
        } finally {
            upstream.close();
        }
    }

    private InMemoryRequest request(boolean stream) {
        return InMemoryRequest.post("/v1/messages")
                .header("x-api-key", fixture.key())
                .header("anthropic-version", "2023-06-01")
                .json("{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":64,\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + Canary.PROMPT.text() + "\"}]}")
                .build();
    }

    private InMemoryResponse ask(InMemoryRequest request) {
        InMemoryResponse response = InMemoryResponse.to(request);
        fixture.relay().handle(request, response);
        return response;
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private static String read(InputStream stream, String until) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] bytes = new byte[8_192];
        while (text.indexOf(until) < 0) {
            int count = stream.read(bytes);
            if (count < 0) {
                throw new EOFException("a clean end after: " + text);
            }
            text.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    @Test
    void a_whole_answer_comes_with_its_head() throws Exception {
        InMemoryResponse answer = ask(request(false));
        String body = new String(get(answer.whole(PLENTY)), StandardCharsets.UTF_8);
        assertThat(body).contains("\"type\":\"message\"");
        InMemoryResponse.Head head = get(answer.head());
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.headers().get("content-type")).startsWith("application/json");
        RequestSummary summary = fixture.listener().await(1);
        assertThat(summary.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(summary.attempts().get(0).row().state()).isEqualTo(State.FINAL);
    }

    @Test
    void the_upstream_gets_what_was_built() throws Exception {
        InMemoryRequest request = InMemoryRequest.post("/v1/messages")
                .header("x-api-key", fixture.key())
                .header("anthropic-version", "2023-06-01")
                .header("anthropic-beta", "one")
                .header("anthropic-beta", "two")
                .query("beta=true")
                .json(
                        "{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"é\"}]}")
                .build();
        assertThat(get(ask(request).whole(PLENTY))).isNotEmpty();
        var received = upstream.take(Duration.ofSeconds(5));
        assertThat(received.path() + "?" + received.query()).isEqualTo("/v1/messages?beta=true");
        assertThat(received.header("content-type")).isEqualTo("application/json");
        assertThat(received.headers("anthropic-beta")).containsExactly("one", "two");
        assertThat(new String(received.body(), StandardCharsets.UTF_8)).contains("\"é\"");
    }

    @Test
    void each_event_can_be_read_while_the_next_is_not_yet_sent() throws Exception {
        upstream.enqueue(Script.answer().events(5).trickle(Duration.ofMillis(200)));
        try (InputStream events = ask(request(true)).stream()) {
            read(events, "content_block_delta");
            assertThat(upstream.openStreams()).isEqualTo(1);
            read(events, "message_stop");
            assertThat(events.read()).isNegative();
        }
        assertThat(fixture.listener().await(1).outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void an_answer_can_be_read_without_a_thread() throws Exception {
        upstream.enqueue(Script.answer().events(5).trickle(Duration.ofMillis(20)));
        Content.Source body = ask(request(true)).body();
        CompletableFuture<String> text = new CompletableFuture<>();
        Content.Source.asString(
                body, StandardCharsets.UTF_8, Promise.from(text::complete, text::completeExceptionally));
        assertThat(get(text)).endsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
    }

    @Test
    void a_refusal_is_an_answer_like_any_other() throws Exception {
        InMemoryRequest stranger = InMemoryRequest.get("/v1/nothing").build();
        InMemoryResponse answer = ask(stranger);
        assertThat(new String(get(answer.whole(PLENTY)), StandardCharsets.UTF_8))
                .contains("not_found_error");
        assertThat(get(answer.head()).status()).isEqualTo(404);
    }

    @Test
    void cancelling_in_the_middle_cancels_the_upstream() throws Exception {
        upstream.enqueue(Script.answer().events(10_000).trickle(Duration.ofMillis(20)));
        InMemoryResponse answer = ask(request(true));
        InputStream events = answer.stream();
        read(events, "content_block_delta");
        answer.cancel();
        assertThatThrownBy(() -> read(events, "message_stop"))
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("the answer was cancelled");
        Wait.until("the upstream to be cancelled", () -> upstream.cancelledStreams() == 1);
        RequestSummary summary = fixture.listener().await(1);
        assertThat(summary.outcome()).isEqualTo(Outcome.CLIENT_GONE);
        assertThat(summary.attempts().get(0).row().state()).isEqualTo(State.ESTIMATED);
    }

    @Test
    void closing_the_stream_before_its_end_cancels_the_answer() throws Exception {
        upstream.enqueue(Script.answer().events(10_000).trickle(Duration.ofMillis(20)));
        try (InputStream events = ask(request(true)).stream()) {
            read(events, "message_start");
        }
        assertThat(fixture.listener().await(1).outcome()).isEqualTo(Outcome.CLIENT_GONE);
        Wait.until("the upstream to be cancelled", () -> upstream.cancelledStreams() == 1);
    }

    @Test
    void cancelling_before_the_first_byte_cancels_the_upstream() throws Exception {
        upstream.enqueue(Script.answer().delay(Duration.ofMinutes(5)));
        InMemoryResponse answer = ask(request(true));
        Wait.until("the upstream to be asked", () -> upstream.openStreams() == 1);
        answer.cancel();
        assertThat(fixture.listener().await(1).outcome()).isEqualTo(Outcome.CLIENT_GONE);
        assertThatThrownBy(() -> get(answer.head()))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class);
        Wait.until("the upstream to be cancelled", () -> upstream.cancelledStreams() == 1);
    }

    @Test
    void an_answer_that_was_cancelled_before_it_was_asked_for_costs_nothing() throws Exception {
        InMemoryRequest request = request(true);
        InMemoryResponse answer = InMemoryResponse.to(request);
        answer.cancel();
        fixture.relay().handle(request, answer);
        assertThat(fixture.listener().await(1).outcome()).isEqualTo(Outcome.CLIENT_GONE);
        assertThat(upstream.cancelledStreams()).isEqualTo(upstream.requestCount());
    }

    @Test
    void cancelling_after_the_end_changes_nothing() throws Exception {
        InMemoryResponse answer = ask(request(false));
        assertThat(get(answer.whole(PLENTY))).isNotEmpty();
        answer.cancel();
        assertThat(fixture.listener().await(1).outcome()).isEqualTo(Outcome.COMPLETED);
    }

    @Test
    void an_upstream_that_breaks_inside_an_event_is_an_exception() throws Exception {
        upstream.enqueue(Script.answer().eventPerWrite().cutMidEvent(4));
        try (InputStream events = ask(request(true)).stream()) {
            assertThatThrownBy(() -> read(events, "message_stop"))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(EOFException.class);
        }
        assertThat(fixture.listener().await(1).outcome()).isEqualTo(Outcome.UPSTREAM_BROKEN);
    }

    @Test
    void an_upstream_that_breaks_inside_an_event_fails_the_whole_answer() throws Exception {
        upstream.enqueue(Script.answer().eventPerWrite().cutMidEvent(4));
        InMemoryResponse answer = ask(request(true));
        assertThatThrownBy(() -> get(answer.whole(PLENTY)))
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining("the answer broke off");
        assertThat(get(answer.head()).status()).isEqualTo(200);
        assertThat(fixture.listener().await(1).outcome()).isEqualTo(Outcome.UPSTREAM_BROKEN);
    }

    @Test
    void an_answer_beyond_the_bound_is_cancelled() throws Exception {
        upstream.enqueue(Script.answer().events(10_000).trickle(Duration.ofMillis(1)));
        CompletableFuture<byte[]> whole = ask(request(true)).whole(5_000);
        assertThatThrownBy(() -> get(whole)).hasMessageContaining("longer than 5000 bytes");
        assertThat(fixture.listener().await(1).outcome()).isEqualTo(Outcome.CLIENT_GONE);
        Wait.until("the upstream to be cancelled", () -> upstream.cancelledStreams() == 1);
    }

    @Test
    void a_future_that_times_out_cancels_the_answer() throws Exception {
        upstream.enqueue(Script.answer().events(10_000).trickle(Duration.ofMillis(20)));
        CompletableFuture<byte[]> whole = ask(request(true)).whole(PLENTY).orTimeout(200, TimeUnit.MILLISECONDS);
        assertThatThrownBy(() -> get(whole)).hasCauseInstanceOf(TimeoutException.class);
        assertThat(fixture.listener().await(1).outcome()).isEqualTo(Outcome.CLIENT_GONE);
    }

    @Test
    void a_reader_that_does_not_read_stops_the_upstream() throws Exception {
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
            InMemoryResponse answer = ask(request(false));
            assertThat(get(answer.head()).status()).isEqualTo(200);
            Wait.until("the upstream to be stalled", () -> stalled(sent));
            assertThat(sent.get()).isLessThan(24L * 1024 * 1024);
            try (InputStream stream = answer.stream()) {
                long total = stream.transferTo(java.io.OutputStream.nullOutputStream());
                assertThat(total).isEqualTo((long) pieces * piece.length);
            }
        }
    }

    private void answerFrom(RawUpstream raw) {
        fixture.accounts().forEach(account -> fixture.relay().administration().deleteAccount(account.id()));
        fixture.relay()
                .administration()
                .createAccount(NewAccount.apiKey("raw", raw.uri().toString(), Secret.of(Canary.UPSTREAM_KEY.text(1))));
    }

    /** Nothing moved during three tenths of a second, though something had. */
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
    void lines_come_one_by_one() throws Exception {
        upstream.enqueue(Script.answer().events(3).trickle(Duration.ofMillis(100)));
        InputStream stream = ask(request(true)).stream();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("event: message_start");
            assertThat(upstream.openStreams()).isEqualTo(1);
            assertThat(lines.lines()).contains("event: message_stop");
        }
    }

    @Test
    void a_body_is_read_once_in_one_way() throws Exception {
        InMemoryResponse answer = ask(request(false));
        assertThat(get(answer.whole(PLENTY))).isNotEmpty();
        assertThatThrownBy(answer::stream)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("read once");
    }

    @Test
    void what_no_message_could_carry_is_refused() {
        InMemoryRequest.Builder builder = InMemoryRequest.post("/v1/messages");
        assertThatThrownBy(() -> builder.header("x-note", "a\r\nx-api-key: b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("header x-note");
        assertThatThrownBy(() -> builder.header("x note", "a")).hasMessageContaining("letters, digits and hyphens");
        assertThatThrownBy(() -> InMemoryRequest.post("/v1/messages?beta=true")).hasMessageContaining("query()");
        assertThatThrownBy(() -> InMemoryRequest.post("v1/messages")).hasMessageContaining("begin with a slash");
    }

    @Test
    void the_administration_answers_in_memory_too() throws Exception {
        InMemoryRequest request = InMemoryRequest.post("/admin/login")
                .json("{\"username\":\"admin\",\"password\":\"" + RelayFixture.ADMIN_PASSWORD + "\"}")
                .build();
        InMemoryResponse response = InMemoryResponse.to(request);
        fixture.relay().handleAdmin(request, response);
        assertThat(new String(get(response.whole(PLENTY)), StandardCharsets.UTF_8))
                .contains("token");
    }
}
