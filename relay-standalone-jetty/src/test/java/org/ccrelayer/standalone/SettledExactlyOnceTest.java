package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.account.Account;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.ccrelayer.usage.UsageTotals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every attempt ends as one row of the ledger, with what it used and what that costs. */
class SettledExactlyOnceTest {
    private static final Tokens USED = new Tokens(1_000, 200, 300, 40, 5_000);

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    /** Of claude-sonnet-5-5 on that day in billionths of a dollar: 2, 10, 2.50, 4 and 0.10 dollars a million. */
    private static final long PRICE = 1_000 * 2_000 + 200 * 10_000 + 300 * 2_500 + 40 * 4_000 + 5_000 * 100;

    private final long started = System.nanoTime();
    private SimulatedClaude upstream;
    private StandaloneRelay relay;
    private Account account;

    @BeforeEach
    void start() {
        upstream = SimulatedClaude.start();
        relay = StandaloneRelay.start(Map.of(ConfigKey.HEADER_TIMEOUT, "300"), this::now);
        account = relay.account(upstream.uri());
    }

    @AfterEach
    void stop() {
        relay.close();
        upstream.close();
    }

    private Instant now() {
        return NOON.plusNanos(System.nanoTime() - started);
    }

    private static Script used() {
        return Script.text("four words of text")
                .withUsage(USED.input(), USED.output(), USED.cacheWrite5m(), USED.cacheWrite1h(), USED.cacheRead());
    }

    /** The one row of the one exchange, which the ledger, the summary and the totals agree on. */
    private UsageRecord settled(Outcome outcome) {
        RequestSummary summary = relay.listener().await(1);
        assertThat(summary.outcome()).isEqualTo(outcome);
        assertThat(summary.attempts()).hasSize(1);
        List<UsageRecord> rows = relay.rows(summary);
        assertThat(rows).containsExactly(summary.attempts().get(0).row());
        UsageRecord row = rows.get(0);
        assertThat(row.keyId()).isEqualTo(relay.keyId());
        assertThat(row.accountId()).isEqualTo(account.id());
        assertThat(row.exchangeId()).isEqualTo(summary.exchangeId());
        UsageTotals expected =
                row.state() == State.VOID ? UsageTotals.NONE : new UsageTotals(1, row.tokens(), row.costNanoUsd());
        assertThat(relay.relay().administration().usageOfKey(relay.keyId())).isEqualTo(expected);
        assertThat(relay.relay().administration().usage()).isEqualTo(expected);
        return row;
    }

    private void isFree(UsageRecord row, State state) {
        assertThat(row.state()).isEqualTo(state);
        assertThat(row.tokens()).isEqualTo(Tokens.NONE);
        assertThat(row.costNanoUsd()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_whole_answer_is_final_and_costs_what_its_usage_costs(boolean stream) throws Exception {
        upstream.enqueue(used());
        relay.post(stream ? StandaloneRelay.stream() : StandaloneRelay.message());
        UsageRecord row = settled(Outcome.COMPLETED);
        assertThat(row.state()).isEqualTo(State.FINAL);
        assertThat(row.tokens()).isEqualTo(USED);
        assertThat(row.costNanoUsd()).isEqualTo(PRICE);
        assertThat(row.model()).isEqualTo("claude-sonnet-5-5");
        assertThat(row.unknownModel()).isFalse();
    }

    @Test
    void the_model_that_answered_is_billed() throws Exception {
        upstream.enqueue(used().withModel("claude-nobody-knows"));
        relay.post(StandaloneRelay.message());
        UsageRecord row = settled(Outcome.COMPLETED);
        assertThat(row.model()).isEqualTo("claude-nobody-knows");
        assertThat(row.unknownModel()).isTrue();
        assertThat(row.costNanoUsd()).isGreaterThan(PRICE);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 404, 429, 500, 529})
    void a_refusal_is_void(int status) throws Exception {
        upstream.enqueue(Script.error(status).withHeader("x-should-retry", "false"));
        relay.post(StandaloneRelay.message());
        isFree(settled(Outcome.UPSTREAM_REFUSED), State.VOID);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_model_s_refusal_before_any_output_is_void(boolean stream) throws Exception {
        String usage = "\"usage\":{\"input_tokens\":1000,\"output_tokens\":0}";
        String json =
                "{\"type\":\"message\",\"model\":\"claude-sonnet-5-5\",\"content\":[],\"stop_reason\":\"refusal\","
                        + usage + "}";
        String events = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"model\":"
                + "\"claude-sonnet-5-5\",\"content\":[]," + usage + "}}\n\n"
                + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"refusal\"},"
                + "\"usage\":{\"output_tokens\":0}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
        upstream.enqueue(Script.raw(
                200,
                stream ? "text/event-stream" : "application/json",
                (stream ? events : json).getBytes(StandardCharsets.UTF_8)));
        assertThat(relay.post(stream ? StandaloneRelay.stream() : StandaloneRelay.message())
                        .text())
                .isEqualTo(stream ? events : json);
        isFree(settled(Outcome.COMPLETED), State.VOID);
    }

    @Test
    void a_stream_whose_client_left_is_estimated_from_what_was_seen() throws Exception {
        upstream.enqueue(used().events(10_000).deltaText("12345678").trickle(Duration.ofMillis(10)));
        RawClient client = relay.client();
        client.post("/v1/messages", relay.key(), StandaloneRelay.stream()).readHead();
        String seen = client.readUntil("content_block_delta");
        client.reset();
        UsageRecord row = settled(Outcome.CLIENT_GONE);
        assertThat(row.state()).isEqualTo(State.ESTIMATED);
        long deltas = seen.split("content_block_delta\n", -1).length - 1L;
        assertThat(row.tokens().input()).isEqualTo(USED.input());
        assertThat(row.tokens().output()).isBetween(2 * deltas, 20_000L);
        assertThat(row.costNanoUsd()).isPositive().isLessThan(PRICE + 20_000L * 10_000);
        Wait.until("the upstream to be cancelled", () -> upstream.cancelledStreams() == 1);
    }

    @Test
    void a_stream_that_was_cut_is_estimated_at_four_characters_a_token() throws Exception {
        upstream.enqueue(used().deltaText("1234567")
                .events(50)
                .trickle(Duration.ofMillis(1))
                .cutAfterEvent(13));
        relay.post(StandaloneRelay.stream());
        UsageRecord row = settled(Outcome.UPSTREAM_BROKEN);
        assertThat(row.state()).isEqualTo(State.ESTIMATED);
        // Ten deltas behind message_start, content_block_start and ping: 70 characters, rounded up.
        assertThat(row.tokens()).isEqualTo(USED.withOutput(18));
        assertThat(row.costNanoUsd()).isEqualTo(PRICE - (200 - 18) * 10_000);
    }

    @Test
    void an_attempt_that_was_sent_and_never_answered_is_unknown() throws Exception {
        upstream.enqueue(used().delay(Duration.ofMinutes(5)));
        assertThat(relay.post(StandaloneRelay.stream()).head().status()).isEqualTo(504);
        isFree(settled(Outcome.UPSTREAM_TIMEOUT), State.UNKNOWN);
    }

    @Test
    void an_attempt_that_was_never_sent_is_void() throws Exception {
        relay.relay().administration().deleteAccount(account.id());
        account = relay.account(OwnErrorsTest.nowhere());
        assertThat(relay.post(StandaloneRelay.stream()).head().status()).isEqualTo(502);
        isFree(settled(Outcome.UPSTREAM_UNREACHABLE), State.VOID);
    }

    @Test
    void a_request_that_was_refused_by_the_relay_has_no_row() throws Exception {
        relay.post("{\"model\"".getBytes(StandardCharsets.UTF_8));
        RequestSummary summary = relay.listener().await(1);
        assertThat(summary.attempts()).isEmpty();
        assertThat(relay.rows(summary)).isEmpty();
    }

    @Test
    void each_attempt_of_one_request_has_its_own_row() throws Exception {
        try (SimulatedClaude second = SimulatedClaude.start().always(used())) {
            upstream.enqueue(Script.error(529));
            Account other = relay.account(second.uri());
            relay.post(StandaloneRelay.stream());
            List<UsageRecord> rows = relay.rows(relay.listener().await(1));
            assertThat(rows).extracting(UsageRecord::state).containsExactly(State.VOID, State.FINAL);
            assertThat(rows).extracting(UsageRecord::accountId).containsExactly(account.id(), other.id());
            assertThat(rows).extracting(UsageRecord::id).doesNotHaveDuplicates();
            assertThat(relay.relay().administration().usageOfKey(relay.keyId()))
                    .isEqualTo(new UsageTotals(1, USED, PRICE));
        }
    }

    @Test
    void a_hundred_requests_at_once_cost_a_hundred_times_as_much() throws Exception {
        upstream.always(used());
        List<Thread> clients = IntStream.range(0, 10)
                .mapToObj(number -> new Thread(this::postTen))
                .toList();
        clients.forEach(Thread::start);
        for (Thread client : clients) {
            client.join();
        }
        relay.listener().await(100);
        assertThat(relay.relay().administration().usageOfKey(relay.keyId()).costNanoUsd())
                .isEqualTo(100 * PRICE);
        assertThat(relay.relay().administration().usageOfKey(relay.keyId()).attempts())
                .isEqualTo(100);
    }

    private void postTen() {
        try (RawClient client = relay.client()) {
            for (int i = 0; i < 10; i++) {
                client.post("/v1/messages", relay.key(), StandaloneRelay.stream())
                        .readAnswer();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
