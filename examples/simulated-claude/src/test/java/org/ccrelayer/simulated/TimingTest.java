package org.ccrelayer.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimingTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final String HEADERS_END = "\r\n\r\n";

    private final SimulatedClaude claude = SimulatedClaude.start();

    @AfterEach
    void stop() {
        claude.close();
    }

    @Test
    void waitsBeforeTheHeaders() throws Exception {
        claude.enqueue(Script.answer().delay(Duration.ofMillis(200)));
        try (Wire wire = new Wire(claude)) {
            long start = System.nanoTime();
            wire.post(Client.JSON_BODY).readTo("HTTP/1.1");

            assertThat(millisSince(start)).isBetween(200L, 10_000L);
        }
    }

    @Test
    void waitsBetweenHeadersAndBody() throws Exception {
        claude.enqueue(Script.answer().delayBeforeBody(Duration.ofMillis(400)));
        try (Wire wire = new Wire(claude)) {
            long start = System.nanoTime();
            wire.post(Client.STREAM_BODY).readTo(HEADERS_END);

            wire.readTo("message_start");
            assertThat(millisSince(start)).isBetween(400L, 10_000L);
        }
    }

    @Test
    void sendsTheHeadersWhileTheBodyWaits() throws Exception {
        claude.enqueue(Script.answer().delayBeforeBody(LONG));
        try (Wire wire = new Wire(claude)) {
            assertThat(wire.post(Client.STREAM_BODY).readTo(HEADERS_END)).startsWith("HTTP/1.1 200");
            assertThat(claude.openStreams()).isEqualTo(1);
        }
    }

    @Test
    void trickles() throws Exception {
        claude.enqueue(Script.answer().trickle(Duration.ofMillis(20)));
        try (Wire wire = new Wire(claude)) {
            long start = System.nanoTime();
            wire.post(Client.STREAM_BODY).readTo("\r\n0\r\n\r\n");

            assertThat(millisSince(start)).isBetween(11 * 20L, 10_000L);
        }
    }

    @Test
    void sendsEachEventOfATrickleAtOnce() throws Exception {
        claude.enqueue(Script.answer().trickle(LONG));
        try (Wire wire = new Wire(claude)) {
            wire.post(Client.STREAM_BODY).readTo("}}}\n\n");

            assertThat(wire.available()).isZero();
            assertThat(claude.openStreams()).isEqualTo(1);
        }
    }

    @Test
    void keepsSilentButForPings() throws Exception {
        claude.enqueue(Script.answer().ping(false).silence(Duration.ofMillis(350), Duration.ofMillis(100)));
        try (Wire wire = new Wire(claude)) {
            long start = System.nanoTime();
            String answer = wire.post(Client.STREAM_BODY).readTo("event: content_block_start");

            assertThat(millisSince(start)).isBetween(350L, 10_000L);
            assertThat(answer.split("event: ping", -1)).hasSize(4);
            wire.readTo("message_stop");
        }
    }

    @Test
    void keepsSilentWithoutPings() throws Exception {
        claude.enqueue(Script.answer().silence(LONG, Duration.ZERO));
        try (Wire wire = new Wire(claude)) {
            wire.post(Client.STREAM_BODY).readTo("}}}\n\n");

            assertThat(wire.available()).isZero();
        }
    }

    @Test
    void noticesThatTheClientHungUpMidStream() throws Exception {
        claude.enqueue(Script.answer().events(100_000).trickle(Duration.ofMillis(5)));
        try (Wire wire = new Wire(claude)) {
            wire.post(Client.STREAM_BODY).readTo("text_delta");
            assertThat(claude.openStreams()).isEqualTo(1);
            assertThat(claude.cancelledStreams()).isZero();
        }

        Eventually.become("cancelled", () -> claude.cancelledStreams() == 1);
        assertThat(claude.openStreams()).isZero();
    }

    @Test
    void noticesThatTheClientHungUpBeforeTheHeaders() throws Exception {
        claude.enqueue(Script.answer().delay(LONG));
        try (Wire wire = new Wire(claude)) {
            wire.post(Client.STREAM_BODY);
            Eventually.become("open", () -> claude.openStreams() == 1);
        }

        Eventually.become("cancelled", () -> claude.cancelledStreams() == 1);
    }

    @Test
    void noticesAFullSocketOfAClientThatHungUp() throws Exception {
        claude.enqueue(Script.answer().events(300_000));
        try (Wire wire = new Wire(claude)) {
            wire.post(Client.STREAM_BODY).readTo("text_delta");
        }

        Eventually.become("cancelled", () -> claude.cancelledStreams() == 1);
    }

    @Test
    void answersRequestsSentAhead() throws Exception {
        claude.always(Script.answer().delay(Duration.ofMillis(300)));
        try (Wire wire = new Wire(claude)) {
            wire.post(Client.STREAM_BODY);
            Eventually.become("open", () -> claude.openStreams() == 1);
            wire.post(Client.JSON_BODY);

            assertThat(wire.readTo("\r\n0\r\n\r\n")).contains("message_stop");
            assertThat(wire.readTo("\"global\"}}")).contains("\"end_turn\"");
        }
        assertThat(claude.received().get(1).body()).asString().isEqualTo(Client.JSON_BODY);
        assertThat(claude.cancelledStreams()).isZero();
    }

    @Test
    void playsManySlowStreamsWithFewThreads() throws Exception {
        claude.always(Script.answer().delay(Duration.ofMillis(1_500)).trickle(Duration.ofMillis(60)));
        List<Wire> wires = new ArrayList<>();
        try {
            for (int i = 0; i < 200; i++) {
                wires.add(new Wire(claude).post(Client.STREAM_BODY));
            }
            Eventually.become("open", () -> claude.openStreams() == 200);
            assertThat(serverThreads()).isBetween(1L, 12L);
            for (Wire wire : wires) {
                assertThat(wire.readTo("\r\n0\r\n\r\n")).contains("event: message_stop");
            }
        } finally {
            for (Wire wire : wires) {
                wire.close();
            }
        }
        assertThat(claude.openStreams()).isZero();
        assertThat(claude.cancelledStreams()).isZero();
        assertThat(claude.acceptedConnections()).isEqualTo(200);
    }

    private static long serverThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("simulated-claude"))
                .count();
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }
}
