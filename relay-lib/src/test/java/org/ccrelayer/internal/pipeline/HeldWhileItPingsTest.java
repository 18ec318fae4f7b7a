package org.ccrelayer.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawUpstream;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stream that only pings is held for ten seconds, since it may still turn out to be a failure. */
class HeldWhileItPingsTest {
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    private static final String PING = "event: ping\ndata: {\"type\": \"ping\"}\n\n";
    private static final String ERROR = "event: error\n"
            + "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";

    private final HeldResponse response = new HeldResponse();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private RawUpstream first;
    private SimulatedClaude second;
    private PipelineFixture fixture;

    @BeforeEach
    void start() throws Exception {
        first = RawUpstream.answering((head, out) -> {
            out.write(RawUpstream.bytes(HEAD + PING));
            out.flush();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            out.write(RawUpstream.bytes(PING + ERROR));
        });
        second = SimulatedClaude.start();
        fixture = new PipelineFixture(first.uri(), second.uri());
        response.flow();
        fixture.ask(response);
        // One timer for the hold, one for the silence.
        Wait.until("the hold", () -> fixture.time.pending() == 2);
    }

    @AfterEach
    void stop() throws Exception {
        goOn.countDown();
        fixture.close();
        first.close();
        second.close();
        assertThat(response.wronglyUsed()).isZero();
    }

    @Test
    void anErrorWithinTenSecondsIsMendedByAnotherAccount() {
        fixture.time.advance(Duration.ofMillis(9_999));
        assertThat(response.writes()).isZero();
        goOn.countDown();
        RequestSummary summary = fixture.ended();
        assertThat(summary.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(summary.attempts()).hasSize(2);
        assertThat(response.text())
                .startsWith("event: message_start")
                .contains("message_stop")
                .doesNotContain("error");
    }

    @Test
    void afterTenSecondsThePingsGoOutAndAnErrorPassesAsItCame() {
        fixture.time.advance(Duration.ofSeconds(10));
        assertThat(response.text()).isEqualTo(PING);
        goOn.countDown();
        RequestSummary summary = fixture.ended();
        assertThat(summary.outcome()).isEqualTo(Outcome.UPSTREAM_ERROR_EVENT);
        assertThat(summary.attempts()).hasSize(1);
        assertThat(summary.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo(PING + PING + ERROR);
        assertThat(second.requestCount()).isZero();
    }

    @Test
    void anUpstreamThatFallsSilentAfterThePingsIsGivenUp() {
        fixture.time.advance(Duration.ofSeconds(10));
        assertThat(response.text()).isEqualTo(PING);
        for (int tick = 0; tick < 12; tick++) {
            fixture.time.advance(Duration.ofSeconds(30));
        }
        RequestSummary summary = fixture.ended();
        assertThat(summary.outcome()).isEqualTo(Outcome.UPSTREAM_BROKEN);
        assertThat(response.text()).startsWith(PING + "event: error");
    }
}
