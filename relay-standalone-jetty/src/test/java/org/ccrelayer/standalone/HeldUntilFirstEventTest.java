package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.usage.UsageRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream that begins with an error never reaches the client as a stream. */
class HeldUntilFirstEventTest {
    private SimulatedClaude first;
    private SimulatedClaude second;
    private StandaloneRelay relay;

    @BeforeEach
    void start() throws IOException {
        first = SimulatedClaude.start();
        second = SimulatedClaude.start();
        relay = StandaloneRelay.start(Map.of());
        relay.account(first.uri());
    }

    @AfterEach
    void stop() {
        relay.close();
        first.close();
        second.close();
    }

    @Test
    void anotherAccountAnswersInstead() throws Exception {
        relay.account(second.uri());
        first.enqueue(Script.answer().ping(false).errorEventAfter(0, "overloaded_error"));
        RawClient.Answer answer = relay.post(StandaloneRelay.stream());
        assertThat(answer.head().status()).isEqualTo(200);
        assertThat(answer.text())
                .startsWith("event: message_start")
                .contains("event: message_stop")
                .doesNotContain("overloaded");
        RequestSummary summary = relay.listener().await(1);
        assertThat(summary.attempts()).hasSize(2);
        assertThat(relay.rows(summary))
                .extracting(UsageRecord::state)
                .containsExactly(UsageRecord.State.VOID, UsageRecord.State.FINAL);
    }

    @Test
    void withoutAnotherAccountTheErrorHasItsStatus() throws Exception {
        first.always(Script.answer().errorEventAfter(0, "overloaded_error"));
        RawClient.Answer answer = relay.post(StandaloneRelay.stream());
        assertThat(answer.head().status()).isEqualTo(529);
        assertThat(answer.head().header("content-type")).isEqualTo("application/json");
        assertThat(answer.text()).startsWith("{\"type\":\"error\"").contains("\"overloaded_error\"");
        assertThat(relay.listener().await(1).outcome()).isEqualTo(Outcome.UPSTREAM_REFUSED);
    }

    @Test
    void theRequestsOwnFaultIsToldAndNotTriedElsewhere() throws Exception {
        relay.account(second.uri());
        first.enqueue(Script.answer().errorEventAfter(0, "invalid_request_error"));
        RawClient.Answer answer = relay.post(StandaloneRelay.stream());
        assertThat(answer.head().status()).isEqualTo(400);
        assertThat(relay.listener().await(1).attempts()).hasSize(1);
    }

    @Test
    void anErrorAfterTheFirstEventIsForwarded() throws Exception {
        relay.account(second.uri());
        first.enqueue(Script.answer().errorEventAfter(1, "overloaded_error"));
        RawClient.Answer answer = relay.post(StandaloneRelay.stream());
        assertThat(answer.head().status()).isEqualTo(200);
        assertThat(answer.text()).startsWith("event: message_start").contains("event: error");
        assertThat(relay.listener().await(1).outcome()).isEqualTo(Outcome.UPSTREAM_ERROR_EVENT);
    }
}
