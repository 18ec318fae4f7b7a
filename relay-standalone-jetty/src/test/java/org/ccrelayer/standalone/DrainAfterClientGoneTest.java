package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.Attempt;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RawUpstream;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client goes away before its answer is complete: it is cancelled, or read on within bounds and booked exactly. */
class DrainAfterClientGoneTest {
    private static final Tokens USED = new Tokens(1_000, 200, 300, 40, 5_000);

    private final CountDownLatch over = new CountDownLatch(1);
    private SimulatedClaude upstream;
    private StandaloneRelay relay;

    @BeforeEach
    void start() {
        upstream = SimulatedClaude.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        relay.close();
        upstream.close();
    }

    private void relayWith(Map<ConfigKey, String> settings) {
        relay = StandaloneRelay.start(settings);
    }

    private static Map<ConfigKey, String> drain(ConfigKey key, String value) {
        return Map.of(ConfigKey.CLIENT_GONE_POLICY, "drain", key, value);
    }

    private static Script used() {
        return Script.text("four words of text")
                .withUsage(USED.input(), USED.output(), USED.cacheWrite5m(), USED.cacheWrite1h(), USED.cacheRead());
    }

    /** A client that asks for a stream and closes its connection when it has seen a delta. */
    private void leaveInTheMiddle() throws IOException {
        try (RawClient client = relay.client()) {
            client.post("/v1/messages", relay.key(), StandaloneRelay.stream()).readHead();
            client.readUntil("content_block_delta");
        }
    }

    private int drains() {
        return relay.relay().drainsRunning();
    }

    private Attempt ended(int number) {
        RequestSummary summary = relay.listener().await(number);
        assertThat(summary.outcome()).isEqualTo(Outcome.CLIENT_GONE);
        assertThat(summary.attempts()).hasSize(1);
        Attempt attempt = summary.attempts().get(0);
        assertThat(relay.rows(summary)).containsExactly(attempt.row());
        return attempt;
    }

    @Test
    void aStreamIsReadOnToItsEndAndBookedExactly() throws Exception {
        relayWith(Map.of(ConfigKey.CLIENT_GONE_POLICY, "drain"));
        relay.account(upstream.uri());
        upstream.enqueue(used().events(100).trickle(Duration.ofMillis(10)));
        leaveInTheMiddle();
        Wait.until("the drain", () -> drains() == 1);
        assertThat(relay.relay().permitsHeld()).isEqualTo(1);
        Attempt attempt = ended(1);
        assertThat(attempt.row().state()).isEqualTo(State.FINAL);
        assertThat(attempt.row().tokens()).isEqualTo(USED);
        assertThat(drains()).isZero();
        assertThat(upstream.cancelledStreams()).isZero();
    }

    @Test
    void aCompressedStreamIsReadOnToo() throws Exception {
        relayWith(Map.of(ConfigKey.CLIENT_GONE_POLICY, "drain"));
        relay.account(upstream.uri());
        upstream.enqueue(used().events(100).trickle(Duration.ofMillis(10)).gzip());
        try (RawClient client = relay.client()) {
            client.post("/v1/messages", relay.key(), StandaloneRelay.stream()).readHead();
            client.readChunk();
        }
        Wait.until("the drain", () -> drains() == 1);
        Attempt attempt = ended(1);
        assertThat(attempt.row().state()).isEqualTo(State.FINAL);
        assertThat(attempt.row().tokens()).isEqualTo(USED);
    }

    @Test
    void theConnectionOfAnAnswerThatWasReadOnIsUsedAgain() throws Exception {
        relayWith(Map.of(ConfigKey.CLIENT_GONE_POLICY, "drain"));
        relay.account(upstream.uri());
        upstream.enqueue(used().events(50).trickle(Duration.ofMillis(10)));
        leaveInTheMiddle();
        ended(1);
        upstream.enqueue(used());
        assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(200);
        assertThat(upstream.acceptedConnections()).isEqualTo(1);
    }

    @Test
    void byDefaultTheUpstreamIsCancelled() throws Exception {
        relayWith(Map.of());
        relay.account(upstream.uri());
        upstream.enqueue(used().events(10_000).trickle(Duration.ofMillis(10)));
        leaveInTheMiddle();
        assertThat(ended(1).row().state()).isEqualTo(State.ESTIMATED);
        Wait.until("the upstream to be cancelled", () -> upstream.cancelledStreams() == 1);
    }

    @Test
    void anAnswerWhoseClientLeftBeforeItsHeadersIsBookedExactly() throws Exception {
        relayWith(Map.of(ConfigKey.CLIENT_GONE_POLICY, "drain"));
        relay.account(upstream.uri());
        upstream.enqueue(used().delay(Duration.ofMillis(300)));
        RawClient client = relay.client();
        client.post("/v1/messages", relay.key(), StandaloneRelay.message());
        Wait.until("the upstream to be asked", () -> upstream.openStreams() == 1);
        client.reset();
        Attempt attempt = ended(1);
        assertThat(attempt.row().state()).isEqualTo(State.FINAL);
        assertThat(attempt.row().tokens()).isEqualTo(USED);
    }

    @Test
    void aLongAnswerWithALengthIsReadOnWhenItsClientLeaves() throws Exception {
        relayWith(drain(ConfigKey.DRAIN_BYTES, "67108864"));
        relay.account(upstream.uri());
        // More than sockets keep for a client that does not read, or it would be complete before that leaves.
        upstream.enqueue(used().events(24_000).deltaText("x".repeat(1_000)).delay(Duration.ofMillis(100)));
        RawClient client = relay.client();
        client.post("/v1/messages", relay.key(), StandaloneRelay.message());
        client.readHead();
        client.reset();
        Attempt attempt = ended(1);
        assertThat(attempt.row().state()).isEqualTo(State.FINAL);
        assertThat(attempt.row().tokens()).isEqualTo(USED);
    }

    @Test
    void noMoreIsReadOnThanTheBytesAllow() throws Exception {
        relayWith(drain(ConfigKey.DRAIN_BYTES, "4096"));
        relay.account(upstream.uri());
        upstream.enqueue(used().events(10_000).trickle(Duration.ofMillis(5)));
        leaveInTheMiddle();
        Wait.until("the drain", () -> drains() == 1);
        assertThat(ended(1).row().state()).isEqualTo(State.ESTIMATED);
        Wait.until("the upstream to be cancelled", () -> upstream.cancelledStreams() == 1);
    }

    @Test
    void anUpstreamThatHangsIsReadOnNoLongerThanTheSecondsAllow() throws Exception {
        relayWith(drain(ConfigKey.DRAIN_SECONDS, "1"));
        try (RawUpstream hanging = RawUpstream.answering((head, out) -> {
            streamUntilDrained(out);
            stall();
        })) {
            relay.account(hanging.uri());
            leaveInTheMiddle();
            Wait.until("the drain", () -> drains() == 1);
            long begun = System.nanoTime();
            Attempt attempt = ended(1);
            assertThat(attempt.row().state()).isEqualTo(State.ESTIMATED);
            assertThat(attempt.row().tokens().input()).isEqualTo(77);
            assertThat(System.nanoTime() - begun).isBetween(500_000_000L, 10_000_000_000L);
        }
    }

    @Test
    void anUpstreamThatBreaksWhileItIsReadOnIsEstimated() throws Exception {
        relayWith(Map.of(ConfigKey.CLIENT_GONE_POLICY, "drain"));
        try (RawUpstream breaking = RawUpstream.answering((head, out) -> streamUntilDrained(out))) {
            relay.account(breaking.uri());
            leaveInTheMiddle();
            Attempt attempt = ended(1);
            assertThat(attempt.row().state()).isEqualTo(State.ESTIMATED);
            assertThat(attempt.outcome()).isEqualTo(Outcome.UPSTREAM_BROKEN);
        }
    }

    /** An answer that goes on until its client was found to be gone. */
    private void streamUntilDrained(OutputStream out) throws IOException {
        chunk(
                out,
                "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
                "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"model\":\"claude-sonnet-5-5\","
                        + "\"content\":[],\"usage\":{\"input_tokens\":77,\"output_tokens\":1}}}\n\n");
        while (drains() == 0 && over.getCount() > 0) {
            chunk(
                    out,
                    "",
                    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                            + "\"delta\":{\"type\":\"text_delta\",\"text\":\"word\"}}\n\n");
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static void chunk(OutputStream out, String before, String text) throws IOException {
        out.write(RawUpstream.bytes(before + Integer.toHexString(text.length()) + "\r\n" + text + "\r\n"));
        out.flush();
    }

    private void stall() {
        try {
            assertThat(over.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whereThereIsNoRoomForADrainTheUpstreamIsCancelled() throws Exception {
        relayWith(drain(ConfigKey.MAX_DRAINS, "1"));
        relay.account(upstream.uri());
        upstream.enqueue(used().events(400).trickle(Duration.ofMillis(10)));
        upstream.enqueue(used().events(10_000).trickle(Duration.ofMillis(10)));
        leaveInTheMiddle();
        Wait.until("the drain", () -> drains() == 1);
        leaveInTheMiddle();
        assertThat(ended(1).row().state()).isEqualTo(State.ESTIMATED);
        assertThat(drains()).isEqualTo(1);
        Wait.until("the second to end", () -> relay.relay().exchangesInFlight() == 1);
        Wait.until("the second to be cancelled", () -> upstream.cancelledStreams() == 1);
        assertThat(ended(2).row().state()).isEqualTo(State.FINAL);
    }

    @Test
    void aSlotIsFreeAgainWhenADrainHasEnded() throws Exception {
        relayWith(drain(ConfigKey.MAX_DRAINS, "1"));
        relay.account(upstream.uri());
        for (int number = 1; number <= 3; number++) {
            upstream.enqueue(used().events(50).trickle(Duration.ofMillis(5)));
            leaveInTheMiddle();
            assertThat(ended(number).row().state()).isEqualTo(State.FINAL);
        }
    }

    @Test
    void zeroDrainsMeansNone() throws Exception {
        relayWith(drain(ConfigKey.MAX_DRAINS, "0"));
        relay.account(upstream.uri());
        upstream.enqueue(used().events(10_000).trickle(Duration.ofMillis(10)));
        leaveInTheMiddle();
        assertThat(ended(1).row().state()).isEqualTo(State.ESTIMATED);
    }

    @Test
    void otherStreamsFlowWhileAFastAnswerIsReadOn() throws Exception {
        relayWith(drain(ConfigKey.DRAIN_BYTES, "1073741824"));
        relay.account(upstream.uri());
        upstream.enqueue(used().events(200_000).deltaText("x".repeat(400)));
        leaveInTheMiddle();
        upstream.enqueue(used().events(20).trickle(Duration.ofMillis(5)));
        long begun = System.nanoTime();
        assertThat(relay.post(StandaloneRelay.stream()).text()).contains("message_stop");
        assertThat(System.nanoTime() - begun).isLessThan(5_000_000_000L);
        Wait.until("both", () -> relay.listener().summaries().size() == 2);
        assertThat(relay.listener().summaries())
                .allMatch(summary -> summary.attempts().get(0).row().state() == State.FINAL);
    }

    @Test
    void hundredsThatLeaveAtAnyMomentLeaveNothingBehind() throws Exception {
        relayWith(drain(ConfigKey.MAX_DRAINS, "8"));
        try (SimulatedClaude other = SimulatedClaude.start()) {
            relay.account(upstream.uri());
            relay.account(other.uri());
            for (int i = 0; i < 120; i++) {
                upstream.enqueue(anyScript(i));
            }
            other.always(used().events(20).trickle(Duration.ofMillis(1)));
            upstream.always(used().events(30).trickle(Duration.ofMillis(1)));
            List<Thread> clients = new ArrayList<>();
            for (int number = 0; number < 10; number++) {
                Random random = new Random(number);
                clients.add(new Thread(() -> askAndLeave(40, random)));
            }
            clients.forEach(Thread::start);
            for (Thread client : clients) {
                client.join();
            }
            // What left while its body was read has no attempt, and what left before its head was read no exchange.
            Wait.until("every exchange to end", () -> relay.relay().exchangesInFlight() == 0);
            assertThat(drains()).isZero();
            assertThat(relay.relay().permitsHeld()).isZero();
            isEachBookedOnce();
            Wait.until("no answer open", () -> upstream.openStreams() + other.openStreams() == 0);
        }
    }

    private static Script anyScript(int number) {
        return switch (number % 6) {
            case 0 -> Script.error(529);
            case 1 -> used().delay(Duration.ofMillis(20));
            case 2 -> used().events(50).eventPerWrite().cutMidEvent(20);
            case 3 -> Script.refuse();
            case 4 -> used().delayBeforeBody(Duration.ofMillis(20)).cutAfterEvent(0);
            default -> used().events(2_000);
        };
    }

    private void askAndLeave(int times, Random random) {
        try {
            for (int i = 0; i < times; i++) {
                RawClient client = relay.client();
                client.post(
                        "/v1/messages",
                        relay.key(),
                        random.nextInt(3) == 0 ? StandaloneRelay.message() : StandaloneRelay.stream());
                LockSupport.parkNanos(random.nextInt(40_000_000));
                if (random.nextBoolean()) {
                    client.reset();
                } else {
                    client.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void isEachBookedOnce() {
        List<RequestSummary> summaries = List.copyOf(relay.listener().summaries());
        assertThat(summaries).hasSizeGreaterThan(200);
        assertThat(summaries).extracting(RequestSummary::exchangeId).doesNotHaveDuplicates();
        assertThat(summaries).extracting(RequestSummary::outcome).contains(Outcome.CLIENT_GONE);
        long rows = 0;
        for (RequestSummary summary : summaries) {
            List<UsageRecord> booked = relay.rows(summary);
            assertThat(booked)
                    .containsExactlyInAnyOrderElementsOf(
                            summary.attempts().stream().map(Attempt::row).toList());
            rows += booked.stream().filter(row -> row.state() != State.VOID).count();
        }
        assertThat(relay.relay().administration().usage().attempts()).isEqualTo(rows);
    }
}
