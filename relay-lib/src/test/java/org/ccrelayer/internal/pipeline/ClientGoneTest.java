package org.ccrelayer.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.Attempt;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.InMemoryRequest;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that the container says is gone, or that cannot be written to, at every moment of an exchange. */
class ClientGoneTest {
    private static final Tokens USED = new Tokens(1_000, 200, 300, 40, 5_000);

    private final HeldResponse response = new HeldResponse();
    private SimulatedClaude upstream;
    private SimulatedClaude second;
    private RelayFixture fixture;
    private InMemoryRequest request;

    @BeforeEach
    void start() {
        upstream = SimulatedClaude.start();
        second = SimulatedClaude.start();
        relayWith(Map.of());
    }

    @AfterEach
    void stop() {
        try {
            fixture.close();
            assertThat(response.wronglyUsed()).isZero();
        } finally {
            upstream.close();
            second.close();
        }
    }

    private void relayWith(Map<ConfigKey, String> settings) {
        if (fixture != null) {
            fixture.close();
        }
        Map<ConfigKey, String> all = new HashMap<>(Map.of(ConfigKey.CLIENT_GONE_POLICY, "drain"));
        all.putAll(settings);
        fixture = RelayFixture.over(all, upstream, second);
    }

    private static Script used() {
        return Script.text("four words of text")
                .withUsage(USED.input(), USED.output(), USED.cacheWrite5m(), USED.cacheWrite1h(), USED.cacheRead());
    }

    private void ask(boolean stream) {
        begin();
        request.body(body(stream));
    }

    private void begin() {
        request = InMemoryRequest.post("/v1/messages")
                .header("x-api-key", fixture.key())
                .header("anthropic-version", "2023-06-01");
        fixture.relay().handle(request, response);
    }

    private static byte[] body(boolean stream) {
        return ("{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":100,\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + Canary.PROMPT.text() + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private void leave() {
        request.clientGone(new EOFException("the client is gone"));
    }

    private int drains() {
        return fixture.relay().drainsRunning();
    }

    private Attempt endedAs(Outcome outcome) {
        RequestSummary summary = fixture.listener().await(1);
        assertThat(summary.outcome()).isEqualTo(outcome);
        assertThat(summary.attempts()).hasSize(1);
        return summary.attempts().get(0);
    }

    private void isReadOnToTheEnd() {
        Attempt attempt = endedAs(Outcome.CLIENT_GONE);
        assertThat(attempt.row().state()).isEqualTo(State.FINAL);
        assertThat(attempt.row().tokens()).isEqualTo(USED);
        assertThat(attempt.outcome()).isEqualTo(Outcome.CLIENT_GONE);
        assertThat(response.aborted()).isTrue();
        assertThat(upstream.cancelledStreams()).isZero();
    }

    @Test
    void whileHeadersAreAwaitedTheAnswerIsWaitedForAndMetered() {
        upstream.enqueue(used().delay(Duration.ofMillis(300)));
        ask(false);
        Wait.until("the upstream to be asked", () -> upstream.openStreams() == 1);
        leave();
        assertThat(response.aborted()).isTrue();
        assertThat(drains()).isEqualTo(1);
        assertThat(fixture.relay().permitsHeld()).isEqualTo(1);
        isReadOnToTheEnd();
        assertThat(response.writes()).isZero();
        assertThat(fixture.listener().await(1).status()).isEqualTo(499);
    }

    @Test
    void betweenHeadersAndBodyTheAnswerIsMeteredAndNothingIsWritten() {
        upstream.enqueue(used().delayBeforeBody(Duration.ofMillis(300)));
        ask(true);
        Wait.until("the upstream to be asked", () -> upstream.openStreams() == 1);
        leave();
        isReadOnToTheEnd();
        assertThat(response.writes()).isZero();
    }

    @Test
    void whileTheUpstreamIsSilentTheResponseIsLetGoOfAtOnce() throws Exception {
        response.flow();
        upstream.enqueue(used().silence(Duration.ofMillis(700), Duration.ZERO));
        ask(true);
        Wait.until("the first event", () -> response.text().contains("message_start"));
        int writes = response.writes();
        leave();
        // The write that was seen may not have returned yet, in which case its thread lets go.
        Wait.until("the response to be let go of", response::aborted);
        assertThat(fixture.listener().summaries()).isEmpty();
        isReadOnToTheEnd();
        assertThat(response.writes()).isEqualTo(writes);
    }

    @Test
    void whileAWriteIsPendingThatThenFails() {
        upstream.enqueue(used().trickle(Duration.ofMillis(10)));
        ask(true);
        response.awaitWrite();
        leave();
        assertThat(drains()).isEqualTo(1);
        response.fail();
        isReadOnToTheEnd();
        assertThat(response.writes()).isEqualTo(1);
        assertThat(fixture.listener().await(1).responseBytes()).isZero();
    }

    @Test
    void whileAWriteIsPendingThatThenSucceeds() {
        upstream.enqueue(used().trickle(Duration.ofMillis(10)));
        ask(true);
        response.awaitWrite();
        leave();
        response.succeed();
        isReadOnToTheEnd();
        assertThat(response.writes()).isEqualTo(1);
        assertThat(fixture.listener().await(1).responseBytes()).isPositive();
    }

    @Test
    void aFailedWriteAloneIsEnoughToKnow() {
        upstream.enqueue(used().trickle(Duration.ofMillis(10)));
        ask(true);
        response.fail();
        isReadOnToTheEnd();
    }

    @Test
    void toldTwiceAndByAFailedWriteIsOneDrain() {
        upstream.enqueue(used().trickle(Duration.ofMillis(20)));
        ask(true);
        response.awaitWrite();
        leave();
        response.fail();
        leave();
        assertThat(drains()).isLessThanOrEqualTo(1);
        isReadOnToTheEnd();
    }

    @Test
    void whileTheLastWriteIsPendingThatSucceedsTheAnswerIsComplete() {
        upstream.enqueue(used());
        ask(false);
        response.awaitWrite();
        while (!response.lastBegun()) {
            response.succeed();
            response.awaitWrite();
        }
        leave();
        response.succeed();
        assertThat(endedAs(Outcome.COMPLETED).row().state()).isEqualTo(State.FINAL);
    }

    @Test
    void whileTheLastWriteIsPendingThatFailsTheRowIsFinal() {
        upstream.enqueue(used());
        ask(false);
        response.awaitWrite();
        while (!response.lastBegun()) {
            response.succeed();
            response.awaitWrite();
        }
        leave();
        response.fail();
        isReadOnToTheEnd();
    }

    @Test
    void noOtherAccountIsTriedWhenTheUpstreamThenRefuses() {
        upstream.enqueue(Script.error(529).delay(Duration.ofMillis(300)));
        ask(true);
        Wait.until("the upstream to be asked", () -> upstream.openStreams() == 1);
        leave();
        assertThat(drains()).isEqualTo(1);
        assertThat(endedAs(Outcome.CLIENT_GONE).row().state()).isEqualTo(State.VOID);
        assertThat(response.writes()).isZero();
        assertThat(second.requestCount()).isZero();
    }

    @Test
    void noOtherAccountIsTriedWhenTheUpstreamThenBreaksOff() {
        upstream.enqueue(used().delayBeforeBody(Duration.ofMillis(300)).cutAfterEvent(0));
        ask(true);
        Wait.until("the upstream to be asked", () -> upstream.openStreams() == 1);
        leave();
        Attempt attempt = endedAs(Outcome.CLIENT_GONE);
        assertThat(attempt.row().state()).isEqualTo(State.UNKNOWN);
        assertThat(response.writes()).isZero();
        assertThat(second.requestCount()).isZero();
    }

    @Test
    void duringTheSecondAttemptThatOneIsReadOn() {
        upstream.enqueue(Script.error(529));
        second.enqueue(used().delay(Duration.ofMillis(300)));
        ask(true);
        Wait.until("the second upstream to be asked", () -> second.openStreams() == 1);
        leave();
        assertThat(response.aborted()).isTrue();
        RequestSummary summary = fixture.listener().await(1);
        assertThat(summary.outcome()).isEqualTo(Outcome.CLIENT_GONE);
        assertThat(summary.attempts())
                .extracting(attempt -> attempt.row().state())
                .containsExactly(State.VOID, State.FINAL);
    }

    @Test
    void beforeTheRequestIsSentItIsStopped() {
        begin();
        leave();
        request.body(body(true));
        RequestSummary summary = fixture.listener().await(1);
        assertThat(summary.outcome()).isEqualTo(Outcome.CLIENT_GONE);
        assertThat(summary.attempts()).isEmpty();
        assertThat(upstream.requestCount()).isZero();
    }

    @Test
    void withThePolicyCancelTheUpstreamIsCancelled() {
        relayWith(Map.of(ConfigKey.CLIENT_GONE_POLICY, "cancel"));
        response.flow();
        upstream.enqueue(used().events(10_000).trickle(Duration.ofMillis(10)));
        ask(true);
        Wait.until("a delta", () -> response.text().contains("content_block_delta"));
        leave();
        assertThat(endedAs(Outcome.CLIENT_GONE).row().state()).isEqualTo(State.ESTIMATED);
        Wait.until("the upstream to be cancelled", () -> upstream.cancelledStreams() == 1);
    }

    @Test
    void anUpstreamThatFallsSilentIsNotReadOn() {
        relayWith(Map.of(ConfigKey.SILENCE_TIMEOUT, "300"));
        response.flow();
        upstream.enqueue(used().silence(Duration.ofMinutes(5), Duration.ZERO));
        ask(true);
        Wait.until("the first event", () -> response.text().contains("message_start"));
        leave();
        Attempt attempt = endedAs(Outcome.CLIENT_GONE);
        assertThat(attempt.row().state()).isEqualTo(State.ESTIMATED);
        assertThat(attempt.outcome()).isEqualTo(Outcome.UPSTREAM_BROKEN);
    }

    @Test
    void anAnswerThatNeverComesIsWaitedForNoLongerThanADrainMayTake() {
        relayWith(Map.of(ConfigKey.DRAIN_SECONDS, "1"));
        upstream.enqueue(used().delay(Duration.ofMinutes(5)));
        ask(false);
        Wait.until("the upstream to be asked", () -> upstream.openStreams() == 1);
        leave();
        Attempt attempt = endedAs(Outcome.CLIENT_GONE);
        assertThat(attempt.row().state()).isEqualTo(State.UNKNOWN);
        assertThat(attempt.duration()).isGreaterThanOrEqualTo(Duration.ofMillis(900));
        Wait.until("the upstream to be cancelled", () -> upstream.cancelledStreams() == 1);
        assertThat(second.requestCount()).isZero();
    }

    @Test
    void aLongAnswerIsReadOnInManyTurns() {
        upstream.enqueue(used().events(40_000).deltaText("x".repeat(200)));
        ask(true);
        response.fail();
        isReadOnToTheEnd();
    }

    @Test
    void aRelayThatGoesDownEndsIt() throws Exception {
        relayWith(Map.of(ConfigKey.SHUTDOWN_TIMEOUT, "200"));
        upstream.enqueue(used().events(10_000).trickle(Duration.ofMillis(10)));
        ask(true);
        response.fail();
        Wait.until("the drain", () -> drains() == 1);
        CompletableFuture.runAsync(fixture.relay()::close).get(20, TimeUnit.SECONDS);
        assertThat(endedAs(Outcome.CLIENT_GONE).row().state()).isEqualTo(State.ESTIMATED);
        Wait.until("the upstream to be cancelled", () -> upstream.cancelledStreams() == 1);
    }

    @Test
    void atTheSameMomentAsTheAnswerTheExchangeEndsOnce() throws Exception {
        upstream.always(used());
        second.always(used());
        int rounds = 300;
        for (int i = 0; i < rounds; i++) {
            HeldResponse own = new HeldResponse();
            own.flow();
            InMemoryRequest asking = InMemoryRequest.post("/v1/messages")
                    .header("x-api-key", fixture.key())
                    .header("anthropic-version", "2023-06-01");
            int before = upstream.requestCount() + second.requestCount();
            fixture.relay().handle(asking, own);
            CountDownLatch asked = new CountDownLatch(1);
            Thread leaving = new Thread(() -> {
                Wait.until("the request", () -> upstream.requestCount() + second.requestCount() > before);
                asked.countDown();
                asking.clientGone(new EOFException("gone"));
            });
            leaving.start();
            asking.body(body(i % 2 == 0));
            asked.await(20, TimeUnit.SECONDS);
            leaving.join();
            RequestSummary summary = fixture.listener().await(i + 1);
            assertThat(summary.attempts()).hasSize(1);
            assertThat(summary.attempts().get(0).row().state()).isEqualTo(State.FINAL);
            assertThat(summary.outcome()).isIn(Outcome.COMPLETED, Outcome.CLIENT_GONE);
            assertThat(own.wronglyUsed()).isZero();
        }
        Wait.until("no drain", () -> drains() == 0);
        assertThat(fixture.listener().summaries()).hasSize(rounds);
    }
}
