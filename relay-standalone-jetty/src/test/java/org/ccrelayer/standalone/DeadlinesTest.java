package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RawUpstream;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long an upstream may take to begin, how long it may fall silent, and what a client learns when it does. */
class DeadlinesTest {
    private static final Duration FOREVER = Duration.ofMinutes(5);
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final List<SimulatedClaude> upstreams = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private StandaloneRelay relay;

    private StandaloneRelay relay(Map<ConfigKey, String> settings, Script... scripts) {
        relay = StandaloneRelay.start(settings);
        for (Script script : scripts) {
            SimulatedClaude upstream = SimulatedClaude.start().always(script);
            upstreams.add(upstream);
            relay.account(upstream.uri());
        }
        return relay;
    }

    @AfterEach
    void stop() {
        over.countDown();
        relay.close();
        upstreams.forEach(SimulatedClaude::close);
    }

    private static void isTimeout(RawClient.Answer answer) {
        assertThat(answer.head().status()).isEqualTo(504);
        assertThat(answer.head().header("content-type")).isEqualTo("application/json");
        assertThat(answer.text())
                .contains("\"type\":\"timeout_error\"")
                .endsWith("\"request_id\":\"" + answer.head().header("request-id") + "\"}");
    }

    private List<State> booked(RequestSummary summary) {
        List<UsageRecord> rows = relay.rows(summary);
        assertThat(rows).hasSameSizeAs(summary.attempts());
        return rows.stream().map(UsageRecord::state).toList();
    }

    private void awaitCancelled(SimulatedClaude upstream) {
        Wait.until("the upstream to be told", () -> upstream.cancelledStreams() == 1);
    }

    /** A script whose connection says this and then nothing until the test is over. */
    private RawUpstream.Script silentAfter(String text) {
        return (head, out) -> {
            out.write(RawUpstream.bytes(text));
            out.flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    @Test
    void a_stream_that_does_not_begin_in_time_is_a_504() throws Exception {
        relay(Map.of(ConfigKey.HEADER_TIMEOUT, "300"), Script.answer().delay(FOREVER));
        isTimeout(relay.post(StandaloneRelay.stream()));
        awaitCancelled(upstreams.get(0));
        RequestSummary summary = relay.listener().await(1);
        assertThat(summary.outcome()).isEqualTo(Outcome.UPSTREAM_TIMEOUT);
        assertThat(summary.duration()).isBetween(Duration.ofMillis(300), Duration.ofSeconds(10));
        assertThat(booked(summary)).containsExactly(State.UNKNOWN);
    }

    @Test
    void another_account_may_begin_the_stream_that_the_first_did_not() throws Exception {
        relay(Map.of(ConfigKey.HEADER_TIMEOUT, "300"), Script.answer().delay(FOREVER), Script.answer());
        assertThat(relay.post(StandaloneRelay.stream()).text()).contains("event: message_stop");
        assertThat(booked(relay.listener().await(1))).containsExactly(State.UNKNOWN, State.FINAL);
    }

    @Test
    void an_answer_that_is_not_streamed_may_take_longer_to_begin() throws Exception {
        relay(Map.of(ConfigKey.HEADER_TIMEOUT, "100"), Script.answer().delay(Duration.ofMillis(700)));
        assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(200);
    }

    @Test
    void an_answer_that_is_not_streamed_has_the_request_s_time() throws Exception {
        relay(Map.of(ConfigKey.REQUEST_TIMEOUT, "1000"), Script.answer().delay(FOREVER));
        isTimeout(relay.post(StandaloneRelay.message()));
        awaitCancelled(upstreams.get(0));
        assertThat(relay.listener().await(1).duration()).isBetween(Duration.ofMillis(1_000), Duration.ofSeconds(10));
    }

    @Test
    void an_answer_that_is_not_streamed_has_the_time_that_its_client_waits() throws Exception {
        relay(Map.of(ConfigKey.REQUEST_TIMEOUT, "1000"), Script.answer().delay(Duration.ofMillis(1_800)));
        assertThat(relay.post(StandaloneRelay.message(), "x-stainless-timeout: 30")
                        .head()
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "abc", "-5", "99999999999999999999", "''"})
    void a_client_that_waits_less_or_says_nothing_sensible_changes_nothing(String timeout) throws Exception {
        relay(Map.of(ConfigKey.REQUEST_TIMEOUT, "1000"), Script.answer().delay(FOREVER));
        isTimeout(relay.post(StandaloneRelay.message(), "x-stainless-timeout: " + timeout));
        assertThat(relay.listener().await(1).duration()).isBetween(Duration.ofMillis(1_000), Duration.ofSeconds(10));
    }

    @Test
    void a_stream_s_time_does_not_grow_with_its_client_s() throws Exception {
        relay(
                Map.of(ConfigKey.REQUEST_TIMEOUT, "1000", ConfigKey.HEADER_TIMEOUT, "60000"),
                Script.answer().delay(FOREVER));
        isTimeout(relay.post(StandaloneRelay.stream(), "x-stainless-timeout: 600"));
    }

    @ParameterizedTest
    @CsvSource({"600, 599, 2", "600, 600, 1", "100000, 599, 2", "100000, 600, 1", "30, 299, 2", "30, 300, 1"})
    void a_client_is_believed_up_to_ten_minutes(int asked, int passed, int attempts) throws Exception {
        relay = StandaloneRelay.start(Map.of(), now::get);
        try (RawUpstream first = RawUpstream.answering((head, out) -> {
                    now.set(NOON.plusSeconds(passed));
                    out.write(RawUpstream.bytes("HTTP/1.1 529 Overloaded\r\ncontent-length: 0\r\n\r\n"));
                });
                SimulatedClaude second = SimulatedClaude.start()) {
            // The older account is asked first.
            now.set(NOON.minusSeconds(2));
            relay.account(first.uri());
            now.set(NOON.minusSeconds(1));
            relay.account(second.uri());
            now.set(NOON);
            RawClient.Answer answer = relay.post(StandaloneRelay.message(), "x-stainless-timeout: " + asked);
            assertThat(answer.head().status()).isEqualTo(attempts == 2 ? 200 : 529);
            assertThat(relay.listener().await(1).attempts()).hasSize(attempts);
        }
    }

    @Test
    void all_attempts_together_keep_the_request_s_time() throws Exception {
        Script slow = Script.answer().delay(FOREVER);
        relay(
                Map.of(
                        ConfigKey.REQUEST_TIMEOUT, "1000",
                        ConfigKey.HEADER_TIMEOUT, "700",
                        ConfigKey.MAX_RETRY_ACCOUNTS, "3"),
                slow,
                slow,
                slow);
        isTimeout(relay.post(StandaloneRelay.stream()));
        assertThat(upstreams.stream().map(SimulatedClaude::requestCount)).containsExactly(1, 1, 0);
        RequestSummary summary = relay.listener().await(1);
        assertThat(summary.duration()).isBetween(Duration.ofMillis(1_000), Duration.ofSeconds(10));
        assertThat(booked(summary)).containsExactly(State.UNKNOWN, State.UNKNOWN);
    }

    @Test
    void a_stream_that_falls_silent_between_events_ends_with_an_error_event() throws Exception {
        relay(
                Map.of(ConfigKey.SILENCE_TIMEOUT, "300"),
                Script.answer().eventPerWrite().silence(FOREVER, Duration.ZERO));
        RawClient.Answer answer = relay.post(StandaloneRelay.stream());
        assertThat(answer.head().status()).isEqualTo(200);
        assertThat(answer.text())
                .startsWith("event: message_start\n")
                .contains("\n\nevent: error\ndata: {\"type\":\"error\"")
                .endsWith("\n\n")
                .doesNotContain("message_stop");
        awaitCancelled(upstreams.get(0));
        assertThat(booked(relay.listener().await(1))).containsExactly(State.ESTIMATED);
    }

    @Test
    void a_stream_that_falls_silent_inside_an_event_is_broken_off() throws Exception {
        try (RawUpstream upstream = RawUpstream.answering(silentAfter("HTTP/1.1 200 OK\r\n"
                + "content-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
                + "13\r\nevent: x\ndata: {}\n\n\r\ne\r\nevent: message\r\n"))) {
            relay = StandaloneRelay.start(Map.of(ConfigKey.SILENCE_TIMEOUT, "300"));
            relay.account(upstream.uri());
            try (RawClient client = relay.client()) {
                RawClient.Head head = client.post("/v1/messages", relay.key(), StandaloneRelay.stream())
                        .readHead();
                assertThatThrownBy(() -> client.readBody(head)).isInstanceOf(IOException.class);
            }
        }
        assertThat(relay.listener().await(1).outcome()).isEqualTo(Outcome.UPSTREAM_BROKEN);
    }

    @Test
    void an_account_that_falls_silent_before_its_first_byte_is_passed_over() throws Exception {
        relay(Map.of(ConfigKey.SILENCE_TIMEOUT, "300"), Script.answer().delayBeforeBody(FOREVER), Script.answer());
        assertThat(relay.post(StandaloneRelay.stream()).text()).contains("event: message_stop");
        assertThat(booked(relay.listener().await(1))).containsExactly(State.UNKNOWN, State.FINAL);
    }

    @Test
    void pings_keep_a_stream_alive() throws Exception {
        relay(
                Map.of(ConfigKey.SILENCE_TIMEOUT, "500"),
                Script.answer().eventPerWrite().silence(Duration.ofMillis(1_500), Duration.ofMillis(100)));
        String text = relay.post(StandaloneRelay.stream()).text();
        assertThat(text.split("event: ping\n")).hasSizeGreaterThan(10);
        assertThat(text).endsWith("data: {\"type\":\"message_stop\"}\n\n");
        assertThat(booked(relay.listener().await(1))).containsExactly(State.FINAL);
    }
}
