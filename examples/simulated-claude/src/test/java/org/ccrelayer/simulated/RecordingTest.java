package org.ccrelayer.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.simulated.SimulatedClaude.Options;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordingTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final SimulatedClaude claude = SimulatedClaude.start();

    @AfterEach
    void stop() {
        claude.close();
    }

    @Test
    void keepsTheRequestAsItWasSent() throws Exception {
        try (Wire wire = new Wire(claude)) {
            wire.write("POST /v1/messages//a;b=c/%2e%2E/%41?beta=true&x=%20+ HTTP/1.1\r\nhOST: h\r\nX-B: 2\r\n"
                    + "x-a:  one two \r\nX-b: 3\r\nanthropic-Version: v\r\ncontent-length: 4\r\n\r\n\u0000\u00ff\r\n");
            wire.readTo("\r\n\r\n");
        }

        ReceivedRequest request = claude.take(SOON);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/v1/messages//a;b=c/%2e%2E/%41");
        assertThat(request.query()).isEqualTo("beta=true&x=%20+");
        assertThat(request.headers())
                .containsExactly(
                        Map.entry("Host", "h"),
                        Map.entry("X-B", "2"),
                        Map.entry("x-a", "one two"),
                        Map.entry("X-b", "3"),
                        Map.entry("anthropic-Version", "v"),
                        Map.entry("Content-Length", "4"));
        assertThat(request.header("x-B")).isEqualTo("2");
        assertThat(request.headers("x-b")).containsExactly("2", "3");
        assertThat(request.header("x-c")).isNull();
        assertThat(request.body()).containsExactly(0, 0xff, '\r', '\n');
    }

    @Test
    void keepsLargeBodiesByteForByte() throws Exception {
        byte[] body = new byte[3_000_000];
        new Random(1).nextBytes(body);
        Client client = new Client(claude);
        claude.always(Script.raw(200, "text/plain", new byte[0]));

        client.send(client.request("/v1/messages", "k").POST(BodyPublishers.ofByteArray(body)));
        client.send(client.request("/v1/messages", "k")
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body))));

        assertThat(claude.received())
                .hasSize(2)
                .allSatisfy(request -> assertThat(request.body()).isEqualTo(body));
        assertThat(claude.received().get(1).header("transfer-encoding")).isEqualTo("chunked");
    }

    @Test
    void tellsTheDigestOfTheBody() throws Exception {
        new Client(claude).post("abc");

        assertThat(claude.take(SOON).sha256())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(claude.received().get(0).query()).isNull();
    }

    @Test
    void handsRequestsOutInArrivalOrder() throws Exception {
        Client client = new Client(claude);
        client.postAs("first");
        client.postAs("second");

        assertThat(claude.take(SOON).header("x-api-key")).isEqualTo("first");
        assertThat(claude.take(SOON).header("x-api-key")).isEqualTo("second");
        assertThat(claude.requestCount()).isEqualTo(2);
        assertThatIllegalStateException().isThrownBy(() -> claude.take(Duration.ZERO));
        assertThatIllegalStateException().isThrownBy(() -> claude.take(Duration.ofMillis(20)));
    }

    @Test
    void waitsForARequest() throws Exception {
        CompletableFuture<ReceivedRequest> taken = CompletableFuture.supplyAsync(() -> claude.take(SOON));

        new Client(claude).postAs("late");

        assertThat(taken.get(10, TimeUnit.SECONDS).header("x-api-key")).isEqualTo("late");
    }

    @Test
    void tellsConnectionsApart() throws Exception {
        try (Wire one = new Wire(claude);
                Wire other = new Wire(claude)) {
            one.post("{}").readTo("\"global\"}}");
            other.post("{}").readTo("\"global\"}}");
            one.post("{}").readTo("\"global\"}}");
        }

        assertThat(claude.acceptedConnections()).isEqualTo(2);
        long first = claude.received().get(0).connectionId();
        assertThat(claude.received().get(1).connectionId()).isNotEqualTo(first);
        assertThat(claude.received().get(2).connectionId()).isEqualTo(first);
    }

    @Test
    void onlyCountsWhenToldTo() throws Exception {
        try (SimulatedClaude forgetful =
                SimulatedClaude.start(Options.defaults().withoutRecording())) {
            new Client(forgetful).post("{}");

            assertThat(forgetful.requestCount()).isEqualTo(1);
            assertThat(forgetful.received()).isEmpty();
        }
    }
}
