package org.ccrelayer.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;

/** Eight clients, each with one connection at a time, among others that leave in the middle of theirs. */
final class Storm implements AutoCloseable {
    static final int ONE_ABORTED_IN = 50;

    private static final int CLIENTS = 8;
    private static final String SLOW_MODEL = "claude-opus-5-5";

    private final int port;
    private final String key;
    private final byte[] slowRequest;
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final RawClient[] clients = new RawClient[CLIENTS];
    private final AtomicInteger begun = new AtomicInteger();
    private final Queue<String> broken = new ConcurrentLinkedQueue<>();

    /** Clients of a relay, to which {@code slow} is added for the streams that are aborted. */
    Storm(int port, RelayFixture fixture, SimulatedClaude slow) throws IOException {
        this.port = port;
        this.key = fixture.key();
        slow.always(Script.answer().events(200).trickle(ServedRelay.millis(10)));
        fixture.relay()
                .administration()
                .createAccount(new NewAccount(
                        "slow",
                        new ApiKeyCredential(Secret.of(Canary.UPSTREAM_KEY.text(99))),
                        slow.uri().toString(),
                        1,
                        true,
                        Set.of(SLOW_MODEL)));
        slowRequest = new String(ServedRelay.STREAMING, StandardCharsets.UTF_8)
                .replace("claude-sonnet-5-5", SLOW_MODEL)
                .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < CLIENTS; i++) {
            clients[i] = new RawClient(port);
        }
    }

    /** So many more streams; returns when all have ended. */
    void round(int streams) throws Exception {
        int last = begun.get() + streams;
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            running.add(threads.submit(() -> {
                for (int number = begun.incrementAndGet(); number <= last; number = begun.incrementAndGet()) {
                    stream(client, number);
                }
                return null;
            }));
        }
        for (Future<?> done : running) {
            done.get(60, TimeUnit.SECONDS);
        }
        begun.set(last);
    }

    private void stream(int client, int number) throws IOException {
        if (number % ONE_ABORTED_IN == 0) {
            RawClient leaving = new RawClient(port);
            leaving.post("/v1/messages", key, slowRequest).readHead();
            leaving.readUntil("content_block_delta");
            leaving.reset();
            return;
        }
        RawClient.Answer answer =
                clients[client].post("/v1/messages", key, ServedRelay.STREAMING).readAnswer();
        String text = answer.text();
        if (!text.startsWith("event: message_start\n") || !text.endsWith("data: {\"type\":\"message_stop\"}\n\n")) {
            broken.add(number + ": " + text);
        }
        // Some servers let a connection carry so many requests and no more.
        if (answer.head().header("connection").equalsIgnoreCase("close")) {
            clients[client].close();
            clients[client] = new RawClient(port);
        }
    }

    /** What was not whole though nobody had aborted it. */
    Queue<String> broken() {
        return broken;
    }

    @Override
    public void close() throws IOException {
        threads.shutdownNow();
        for (RawClient client : clients) {
            client.close();
        }
    }
}
