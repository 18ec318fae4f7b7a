package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Another account serves a request whose first account could not, as long as the client has seen nothing. */
class FailoverBeforeCommitTest {
    private final List<SimulatedClaude> upstreams = new ArrayList<>();
    private StandaloneRelay relay;

    @BeforeEach
    void start() {
        relay = StandaloneRelay.start(Map.of(ConfigKey.MAX_RETRY_ACCOUNTS, "2"));
    }

    @AfterEach
    void stop() {
        relay.close();
        upstreams.forEach(SimulatedClaude::close);
    }

    private SimulatedClaude account() {
        SimulatedClaude upstream = SimulatedClaude.start();
        upstreams.add(upstream);
        relay.account(upstream.uri());
        return upstream;
    }

    private List<State> booked(RequestSummary summary) {
        List<UsageRecord> rows = relay.rows(summary);
        assertThat(rows).hasSameSizeAs(summary.attempts());
        return rows.stream().map(UsageRecord::state).toList();
    }

    private static Script refusal(int status, String words) {
        return Script.raw(
                status,
                "application/json",
                ("{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"" + words + "\"}}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    static Stream<Arguments> setbacks() {
        return Stream.of(
                        Arguments.of("401", Script.error(401), State.VOID),
                        Arguments.of("403", Script.error(403), State.VOID),
                        Arguments.of("429", Script.rateLimited(Duration.ofSeconds(120)), State.VOID),
                        Arguments.of("429 without a time", Script.rateLimited(null), State.VOID),
                        Arguments.of("500", Script.error(500), State.VOID),
                        Arguments.of("503", Script.error(503), State.VOID),
                        Arguments.of("529", Script.error(529), State.VOID),
                        Arguments.of(
                                "a redirect",
                                Script.raw(307, "text/plain", new byte[0]).withHeader("location", "/v1/elsewhere"),
                                State.VOID),
                        Arguments.of("a proxy's page", Script.raw(502, "text/html", new byte[] {'<'}), State.VOID),
                        Arguments.of("no answer", Script.refuse(), State.UNKNOWN),
                        Arguments.of("a head without a body", Script.answer().cutAfterEvent(0), State.UNKNOWN))
                .flatMap(setback -> Stream.of(StandaloneRelay.message(), StandaloneRelay.stream())
                        .map(body -> Arguments.of(setback.get()[0], setback.get()[1], setback.get()[2], body)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("setbacks")
    void the_client_gets_the_second_account_s_answer(String name, Script setback, State booked, byte[] body)
            throws Exception {
        account().always(setback);
        account().always(Script.text("second").withHeader("request-id", "req_second"));
        RawClient.Answer answer = relay.post(body);
        assertThat(answer.head().status()).isEqualTo(200);
        assertThat(answer.head().header("request-id")).isEqualTo("req_second");
        assertThat(answer.text()).contains("second").doesNotContain("\"error\"");
        assertThat(upstreams.stream().map(SimulatedClaude::requestCount)).containsExactly(1, 1);
        RequestSummary summary = relay.listener().await(1);
        assertThat(summary.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(summary.status()).isEqualTo(200);
        assertThat(booked(summary)).containsExactly(booked, State.FINAL);
        assertThat(summary.attempts().get(0).row().costNanoUsd()).isZero();
    }

    @Test
    void an_account_that_cannot_be_reached_is_passed_over() throws Exception {
        relay.account(OwnErrorsTest.nowhere());
        SimulatedClaude second = account();
        assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(200);
        assertThat(second.requestCount()).isEqualTo(1);
        RequestSummary summary = relay.listener().await(1);
        assertThat(booked(summary)).containsExactly(State.VOID, State.FINAL);
        assertThat(summary.attempts().get(0).outcome()).isEqualTo(Outcome.UPSTREAM_UNREACHABLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 409, 413, 422})
    void a_refusal_of_the_request_itself_is_told_at_once(int status) throws Exception {
        account().always(refusal(status, "first"));
        SimulatedClaude second = account();
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(answer.head().status()).isEqualTo(status);
        assertThat(answer.text()).contains("first");
        assertThat(second.requestCount()).isZero();
        assertThat(booked(relay.listener().await(1))).containsExactly(State.VOID);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 429, 500, 529})
    void an_upstream_that_asks_for_no_further_try_is_heard_and_passed_on(int status) throws Exception {
        account().always(Script.error(status).withHeader("x-should-retry", "false"));
        SimulatedClaude second = account();
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(answer.head().status()).isEqualTo(status);
        assertThat(answer.head().header("x-should-retry")).isEqualTo("false");
        assertThat(second.requestCount()).isZero();
    }

    @Test
    void no_more_accounts_are_tried_than_configured() throws Exception {
        for (int i = 1; i <= 5; i++) {
            account().always(Script.error(500));
        }
        assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(529);
        assertThat(upstreams.stream().map(SimulatedClaude::requestCount)).containsExactly(1, 1, 1, 0, 0);
        RequestSummary summary = relay.listener().await(1);
        assertThat(summary.outcome()).isEqualTo(Outcome.NO_ACCOUNT);
        assertThat(summary.status()).isEqualTo(529);
        assertThat(booked(summary)).containsExactly(State.VOID, State.VOID, State.VOID);
        assertThat(relay.relay().administration().usageOfKey(relay.keyId()).attempts())
                .isZero();
    }

    @Test
    void an_account_that_may_not_serve_the_model_is_never_asked() throws Exception {
        account().always(Script.error(500));
        SimulatedClaude other = account();
        relay.relay()
                .administration()
                .changeAccount(
                        relay.relay().administration().accounts().get(1).id(),
                        new org.ccrelayer.admin.AccountChange(
                                null, null, null, null, null, java.util.Set.of("claude-opus-5-5")));
        assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(500);
        assertThat(other.requestCount()).isZero();
    }

    @Test
    void a_stream_of_which_the_client_saw_a_part_is_not_tried_again() throws Exception {
        account().always(Script.answer().eventPerWrite().cutMidEvent(5));
        SimulatedClaude second = account();
        try (RawClient client = relay.client()) {
            RawClient.Head head = client.post("/v1/messages", relay.key(), StandaloneRelay.stream())
                    .readHead();
            client.readUntil("message_start");
            assertThatThrownBy(() -> client.readBody(head)).isInstanceOf(IOException.class);
        }
        assertThat(booked(relay.listener().await(1))).containsExactly(State.ESTIMATED);
        assertThat(second.requestCount()).isZero();
    }
}
