package org.ccrelayer.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.time.Duration;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.InMemoryRequest;
import org.ccrelayer.testkit.RawUpstream;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An exchange that waits for its next try, and what becomes of it when its client goes or the relay stops. */
class PausedExchangeTest {
    private final HeldResponse response = new HeldResponse();
    private SimulatedClaude upstream;
    private PipelineFixture fixture;

    @BeforeEach
    void start() throws Exception {
        upstream = SimulatedClaude.start();
        fixture = new PipelineFixture(upstream.uri());
        response.flow();
    }

    @AfterEach
    void stop() throws Exception {
        try {
            fixture.close();
            assertThat(response.wronglyUsed()).isZero();
        } finally {
            upstream.close();
        }
    }

    private InMemoryRequest paused() {
        InMemoryRequest request = fixture.ask(response);
        Wait.until("the pause", () -> upstream.requestCount() == 1 && fixture.time.pending() == 1);
        return request;
    }

    /** However much time passes. */
    private void nothingMoreIsSent(int sent) {
        fixture.time.advance(Duration.ofMinutes(1));
        Wait.until("the end", () -> fixture.exchanges.count() == 0);
        assertThat(upstream.requestCount()).isEqualTo(sent);
    }

    @Test
    void theNextTryBeginsWhenItsTimeHasComeAndNotBefore() {
        upstream.enqueue(Script.error(529));
        paused();
        fixture.time.advance(Duration.ofMillis(249));
        assertThat(fixture.time.pending()).isEqualTo(1);
        assertThat(upstream.requestCount()).isEqualTo(1);
        fixture.time.advance(Duration.ofMillis(501));
        assertThat(fixture.ended().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(upstream.requestCount()).isEqualTo(2);
    }

    @Test
    void aClientThatGoesEndsItAtOnceAndNothingMoreIsSent() {
        upstream.enqueue(Script.error(529));
        InMemoryRequest request = paused();
        request.clientGone(new EOFException("gone"));
        RequestSummary summary = fixture.ended();
        assertThat(summary.outcome()).isEqualTo(Outcome.CLIENT_GONE);
        assertThat(summary.attempts()).hasSize(1);
        assertThat(response.writes()).isZero();
        assertThat(fixture.time.pending()).isZero();
        nothingMoreIsSent(1);
    }

    @Test
    void aRelayThatStopsEndsItAtOnceAndSaysSo() throws Exception {
        upstream.enqueue(Script.error(529));
        paused();
        fixture.exchanges.close(Duration.ZERO);
        assertThat(fixture.ended().outcome()).isEqualTo(Outcome.DRAINING);
        assertThat(response.text()).contains("shutting down");
        nothingMoreIsSent(1);
    }

    @Test
    void aClientThatLeavesBeforeTheRefusalCausesNoPause() throws Exception {
        fixture.close();
        InMemoryRequest[] leaving = new InMemoryRequest[1];
        try (RawUpstream refusing = RawUpstream.answering((head, out) -> {
            leaving[0].clientGone(new EOFException("gone"));
            out.write(RawUpstream.bytes("HTTP/1.1 529 Overloaded\r\ncontent-length: 0\r\n\r\n"));
        })) {
            fixture = new PipelineFixture(refusing.uri());
            leaving[0] = fixture.begin(response);
            fixture.send(leaving[0]);
            assertThat(fixture.ended().outcome()).isEqualTo(Outcome.CLIENT_GONE);
            assertThat(fixture.time.pending()).isZero();
            assertThat(refusing.connections()).isEqualTo(1);
        }
    }

    @Test
    void aClientThatLeavesBeforeTheRefusalCausesNoTryElsewhere() throws Exception {
        fixture.close();
        InMemoryRequest[] leaving = new InMemoryRequest[1];
        try (RawUpstream refusing = RawUpstream.answering((head, out) -> {
            leaving[0].clientGone(new EOFException("gone"));
            out.write(RawUpstream.bytes("HTTP/1.1 500 Failed\r\ncontent-length: 0\r\n\r\n"));
        })) {
            fixture = new PipelineFixture(refusing.uri(), upstream.uri());
            leaving[0] = fixture.begin(response);
            fixture.send(leaving[0]);
            RequestSummary summary = fixture.ended();
            assertThat(summary.outcome()).isEqualTo(Outcome.CLIENT_GONE);
            assertThat(summary.attempts()).hasSize(1);
            nothingMoreIsSent(0);
        }
    }
}
