package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.admin.KeyChange;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.internal.store.redis.PatientRedis;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.Canaries;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RedisPeer;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.SlowLine;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.Test;

/** A thousand requests wait for a Redis that answers late: nobody else waits with them. */
class ManyWaitForRedisTest {
    private static final int REQUESTS = 1_000;
    private static final Duration EACH_WAY = Duration.ofMillis(50);

    /** Were requests to wait on the server's threads, all others would wait for several seconds. */
    private static final long SOON_MILLIS = 3_000;

    @Test
    void health_answers_and_a_running_stream_flows_while_a_thousand_requests_wait() throws Exception {
        try (RedisPeer peer = RedisPeer.start();
                SlowLine line = SlowLine.to(peer.port());
                SimulatedClaude upstream =
                        SimulatedClaude.start(SimulatedClaude.Options.defaults().withoutRecording());
                SimulatedClaude slow = SimulatedClaude.start()) {
            slow.always(Script.answer().events(600).trickle(Duration.ofMillis(20)));
            RelayConfig config = RelayFixture.config(Map.of());
            Relay relay =
                    Relay.builder(config).store(PatientRedis.at(line.address())).start();
            try (RelayServer server = RelayServer.start(config, relay)) {
                String slowKey = key(relay, slow.uri(), "slow");
                String key = key(relay, upstream.uri(), "quick");
                try (RawClient stream = new RawClient(server.port())) {
                    stream.post("/v1/messages", slowKey, StandaloneRelay.stream())
                            .readHead();
                    stream.readUntil("content_block_delta");
                    ask(server, key, 20).forEach(CompletableFuture::join);
                    line.delay(EACH_WAY);
                    observe(server, stream, ask(server, key, REQUESTS));
                }
                line.delay(Duration.ZERO);
                Wait.until("no exchange in flight", () -> relay.exchangesInFlight() == 0);
                assertThat(relay.permitsHeld()).isZero();
            }
        }
    }

    /** A relay key that is bound to a new account at that upstream. */
    private static String key(Relay relay, URI upstream, String name) {
        String account = relay.administration()
                .createAccount(NewAccount.apiKey(name, upstream.toString(), Secret.of(Canary.UPSTREAM_KEY.text())))
                .id();
        IssuedKey issued = relay.administration().createKey(NewKey.named(name));
        relay.administration().changeKey(issued.key().id(), KeyChange.ofRouting(routing -> routing.toAccount(account)));
        return Canaries.remember(issued.secret().reveal());
    }

    private static List<CompletableFuture<Integer>> ask(RelayServer server, String key, int requests) {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(server.uri().resolve("/v1/messages"))
                .header("x-api-key", key)
                .header("anthropic-version", "2023-06-01")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(StandaloneRelay.message()))
                .build();
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int number = 0; number < requests; number++) {
            answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                    .thenApply(HttpResponse::statusCode));
        }
        return answers;
    }

    private static void observe(RelayServer server, RawClient stream, List<CompletableFuture<Integer>> answers)
            throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Long> longestGap = CompletableFuture.supplyAsync(() -> longestGap(stream, over));
        long slowestHealth = 0;
        int asked = 0;
        CompletableFuture<Void> all = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
        while (!all.isDone()) {
            slowestHealth = Math.max(slowestHealth, health(server));
            asked++;
        }
        over.set(true);
        all.get(1, TimeUnit.SECONDS);
        assertThat(answers.stream().map(CompletableFuture::join))
                .as("Redis answers everything, if late")
                .containsOnly(200);
        assertThat(asked).isGreaterThan(5);
        assertThat(slowestHealth).as("ms for /health").isLessThan(SOON_MILLIS);
        assertThat(longestGap.get(20, TimeUnit.SECONDS)).as("ms between events").isLessThan(SOON_MILLIS);
    }

    private static long health(RelayServer server) throws IOException {
        long begun = System.nanoTime();
        try (RawClient client = new RawClient(server.port())) {
            client.head("GET /health").readAnswer();
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    }

    /** A machine that does much else may be done with the stream before it is done with the requests. */
    private static long longestGap(RawClient stream, AtomicBoolean over) {
        long longest = 0;
        int events = 0;
        try {
            for (long last = System.nanoTime(); !over.get(); last = System.nanoTime()) {
                stream.readUntil("content_block_delta");
                longest = Math.max(longest, System.nanoTime() - last);
                events++;
            }
        } catch (EOFException e) {
            assertThat(e).hasMessageContaining("message_stop");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(events).as("events while requests wait").isGreaterThan(20);
        return TimeUnit.NANOSECONDS.toMillis(longest);
    }
}
