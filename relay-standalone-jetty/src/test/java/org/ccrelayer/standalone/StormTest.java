package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten accounts that throttle, overload, fail and hang up on a seeded schedule; no client notices. */
@Timeout(120)
class StormTest {
    private static final int ACCOUNTS = 10;
    private static final int CLIENTS = 8;
    private static final int REQUESTS = 5_000;
    private static final Duration APART = Duration.ofSeconds(2);

    private final List<SimulatedClaude> upstreams = new ArrayList<>();
    private final Random random = new Random(20261123);
    private final Deque<Long> failures = new ArrayDeque<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private StandaloneRelay relay;

    @AfterEach
    void stop() {
        relay.close();
        upstreams.forEach(SimulatedClaude::close);
    }

    @Test
    void noClientNoticesTheStorm() throws Exception {
        relay = StandaloneRelay.start(Map.of(ConfigKey.STICKY_SESSION_TTL, "0"));
        for (int number = 0; number < ACCOUNTS; number++) {
            upstreams.add(
                    SimulatedClaude.start(SimulatedClaude.Options.defaults().withoutRecording()));
            relay.account(upstreams.get(number).uri());
        }
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<Integer>> running = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                running.add(clients.submit(this::ask));
            }
            for (Future<Integer> client : running) {
                assertThat(client.get(100, TimeUnit.SECONDS))
                        .as("failures that a client saw")
                        .isZero();
            }
        } finally {
            clients.shutdownNow();
        }
        assertThat(failed).as("there was a storm").hasValueGreaterThan(3);
        int attempts =
                upstreams.stream().mapToInt(SimulatedClaude::requestCount).sum();
        assertThat(attempts).isBetween(REQUESTS, REQUESTS * 12 / 10);
    }

    private int ask() throws IOException {
        int seen = 0;
        try (RawClient client = relay.client()) {
            for (int number = sent.incrementAndGet(); number <= REQUESTS; number = sent.incrementAndGet()) {
                failSomebody();
                boolean stream = number % 2 == 0;
                RawClient.Answer answer = client.post(
                                "/v1/messages",
                                relay.key(),
                                stream ? StandaloneRelay.stream() : StandaloneRelay.message())
                        .readAnswer();
                boolean whole = answer.text().contains(stream ? "event: message_stop" : "\"stop_reason\"");
                seen += answer.head().status() == 200 && whole ? 0 : 1;
            }
        }
        return seen;
    }

    /** At most two accounts begin to fail within two seconds. */
    private synchronized void failSomebody() {
        long now = System.nanoTime();
        while (!failures.isEmpty() && now - failures.peekFirst() > APART.toNanos()) {
            failures.removeFirst();
        }
        if (failures.size() < 2 && random.nextInt(50) == 0) {
            failures.addLast(now);
            failed.incrementAndGet();
            upstreams.get(random.nextInt(ACCOUNTS)).enqueue(failure());
        }
    }

    private Script failure() {
        return switch (random.nextInt(6)) {
            case 0 -> Script.rateLimited(Duration.ofSeconds(1));
            case 1 -> Script.rateLimited(null);
            case 2 -> Script.error(529);
            case 3 -> Script.error(500);
            case 4 -> Script.answer().errorEventAfter(0, "overloaded_error");
            default -> Script.refuse();
        };
    }
}
