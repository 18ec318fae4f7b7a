package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.Attempt;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.UsageRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten accounts that throttle, overload, fail and hang up on a seeded schedule; clients notice what cannot be mended only. */
@Timeout(120)
class StormTest {
    private static final int ACCOUNTS = 10;
    private static final int CLIENTS = 8;
    private static final Duration APART = Duration.ofSeconds(2);
    private static final Duration LEFT_ALONE = Duration.ofSeconds(5);

    /** How long an account rests that was throttled for a second or failed once. */
    private static final Duration THROTTLED = Duration.ofSeconds(1);

    private static final Duration TROUBLED = Duration.ofSeconds(2);
    private static final Duration LATE = Duration.ofSeconds(1);
    private static final Pattern CUT = Pattern.compile("cut-\\d+");

    private final List<SimulatedClaude> upstreams = new ArrayList<>();
    private final Random random = new Random(20261123);
    private final Deque<Long> failures = new ArrayDeque<>();
    private final long[] lastFailed = new long[ACCOUNTS];
    private final long[] backAt = new long[ACCOUNTS];
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();
    private StandaloneRelay relay;

    @BeforeEach
    void start() {
        relay = StandaloneRelay.start(Map.of(ConfigKey.STICKY_SESSION_TTL, "0"));
        Arrays.fill(lastFailed, System.nanoTime() - LEFT_ALONE.toNanos());
        for (int number = 0; number < ACCOUNTS; number++) {
            upstreams.add(
                    SimulatedClaude.start(SimulatedClaude.Options.defaults().withoutRecording()));
            relay.account(upstreams.get(number).uri());
        }
    }

    @AfterEach
    void stop() {
        relay.close();
        upstreams.forEach(SimulatedClaude::close);
    }

    @Test
    void noClientNoticesTheStorm() throws Exception {
        int requests = 5_000;
        List<String> noticed = clients(() -> {
            List<String> seen = new ArrayList<>();
            try (RawClient client = relay.client()) {
                for (int number = sent.incrementAndGet(); number <= requests; number = sent.incrementAndGet()) {
                    failSomebody();
                    boolean stream = number % 2 == 0;
                    RawClient.Answer answer = client.post(
                                    "/v1/messages",
                                    relay.key(),
                                    stream ? StandaloneRelay.stream() : StandaloneRelay.message())
                            .readAnswer();
                    boolean whole = answer.text().contains(stream ? "event: message_stop" : "\"stop_reason\"");
                    if (answer.head().status() != 200 || !whole) {
                        seen.add(answer.text());
                    }
                }
            }
            return seen;
        });
        assertThat(noticed).as("failures that a client saw").isEmpty();
        assertThat(failed).as("there was a storm").hasValueGreaterThan(3);
        int attempts =
                upstreams.stream().mapToInt(SimulatedClaude::requestCount).sum();
        assertThat(attempts).isBetween(requests + failed.get() / 2, requests * 12 / 10);
        everyAccountCameBackInTime();
    }

    @Test
    void aCutAfterContentIsSeenByItsClientAndByNoOther() throws Exception {
        int requests = 1_000;
        List<String> broken = clients(() -> {
            List<String> seen = new ArrayList<>();
            for (int number = sent.incrementAndGet(); number <= requests; number = sent.incrementAndGet()) {
                failSomebody();
                cutSomebody();
                stream().ifPresent(seen::add);
            }
            return seen;
        });
        while (broken.size() + mendedCuts() < cuts.get() && sent.get() < 2 * requests) {
            // Cuts that nobody has met yet.
            sent.incrementAndGet();
            stream().ifPresent(broken::add);
        }
        Wait.until("all to end", () -> relay.relay().exchangesInFlight() == 0);
        assertThat(broken).as("cuts that a client saw").hasSizeGreaterThan(10).hasSize(cuts.get() - mendedCuts());
        assertThat(broken)
                .allMatch(text -> CUT.matcher(text).find(), "was cut")
                .noneMatch(text -> text.contains("message_stop"));
        assertThat(broken.stream()
                        .map(text -> CUT.matcher(text)
                                .results()
                                .map(MatchResult::group)
                                .toList())
                        .toList())
                .allMatch(marks -> marks.size() == 1)
                .doesNotHaveDuplicates();
        assertThat(relay.listener().summaries().stream()
                        .filter(summary -> summary.outcome() != Outcome.COMPLETED)
                        .map(RequestSummary::outcome))
                .hasSameSizeAs(broken)
                .allMatch(outcome -> outcome == Outcome.UPSTREAM_BROKEN || outcome == Outcome.UPSTREAM_ERROR_EVENT);
    }

    /** Answers that the relay had read to where they break before it had sent any of them. */
    private int mendedCuts() {
        return (int) relay.listener().summaries().stream()
                .filter(summary -> summary.outcome() == Outcome.COMPLETED)
                .flatMap(summary -> summary.attempts().stream())
                .filter(attempt -> attempt.row().state() == UsageRecord.State.ESTIMATED)
                .count();
    }

    /** What all clients together have to tell. */
    private static List<String> clients(Callable<List<String>> client) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<List<String>>> running = new ArrayList<>();
            for (int number = 0; number < CLIENTS; number++) {
                running.add(clients.submit(client));
            }
            List<String> all = new ArrayList<>();
            for (Future<List<String>> done : running) {
                all.addAll(done.get(100, TimeUnit.SECONDS));
            }
            return all;
        } finally {
            clients.shutdownNow();
        }
    }

    /** Asks for a stream on a connection of its own; gives what came of one that visibly broke off. */
    private Optional<String> stream() throws IOException {
        StringBuilder text = new StringBuilder();
        boolean ended = false;
        try (RawClient client = relay.client()) {
            RawClient.Head head = client.post("/v1/messages", relay.key(), StandaloneRelay.stream())
                    .readHead();
            assertThat(head.status()).isEqualTo(200);
            read(client, head, text);
            ended = true;
        } catch (EOFException e) {
            assertThat(text).contains("message_start");
        }
        boolean broke = !ended || text.indexOf("event: error") > 0;
        assertThat(text.indexOf("message_stop") > 0).as(text.toString()).isEqualTo(!broke);
        return broke ? Optional.of(text.toString()) : Optional.empty();
    }

    private static void read(RawClient client, RawClient.Head head, StringBuilder text) throws IOException {
        if (head.has("content-length")) {
            text.append(new String(client.readBody(head), StandardCharsets.UTF_8));
            return;
        }
        for (byte[] chunk = client.readChunk(); chunk.length > 0; chunk = client.readChunk()) {
            text.append(new String(chunk, StandardCharsets.UTF_8));
        }
    }

    /** As long as there was a storm, the next request came to it within a second of the end of its rest. */
    private void everyAccountCameBackInTime() {
        List<Attempt> attempts = relay.listener().summaries().stream()
                .flatMap(summary -> summary.attempts().stream())
                .toList();
        Instant over = attempts.stream()
                .map(attempt -> attempt.row().startedAt())
                .max(Instant::compareTo)
                .orElseThrow();
        int checked = 0;
        for (Attempt bad : attempts) {
            Duration rest = bad.status().orElse(0) == 429 ? THROTTLED : TROUBLED;
            Instant due = bad.row().endedAt().plus(rest).plus(LATE);
            if (bad.outcome() != Outcome.COMPLETED && due.isBefore(over)) {
                assertThat(nextAfter(bad, attempts)).as("back after " + bad).isBefore(due);
                checked++;
            }
        }
        assertThat(checked).as("accounts that could come back").isPositive();
    }

    private static Instant nextAfter(Attempt bad, List<Attempt> attempts) {
        return attempts.stream()
                .filter(attempt -> attempt.row().accountId().equals(bad.row().accountId()))
                .map(attempt -> attempt.row().startedAt())
                .filter(startedAt -> startedAt.isAfter(bad.row().endedAt()))
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
    }

    /**
     * At most two accounts begin to fail within two seconds, and none again before it had time to come back. Each fails for a
     * while, which is shorter than the relay leaves it alone after a failure.
     */
    private synchronized void failSomebody() {
        long now = System.nanoTime();
        reviveWhoseTimeHasCome(now);
        while (!failures.isEmpty() && now - failures.peekFirst() > APART.toNanos()) {
            failures.removeFirst();
        }
        int account = random.nextInt(ACCOUNTS);
        boolean spared = now - lastFailed[account] < LEFT_ALONE.toNanos();
        if (failures.size() < 2 && !spared && random.nextInt(50) == 0) {
            failures.addLast(now);
            lastFailed[account] = now;
            failed.incrementAndGet();
            backAt[account] = now + TimeUnit.MILLISECONDS.toNanos(300 + random.nextInt(1_200));
            upstreams.get(account).always(failure());
        }
    }

    private void reviveWhoseTimeHasCome(long now) {
        for (int account = 0; account < ACCOUNTS; account++) {
            if (backAt[account] != 0 && now - backAt[account] >= 0) {
                backAt[account] = 0;
                upstreams.get(account).always(Script.answer());
            }
        }
    }

    private Script failure() {
        return switch (random.nextInt(7)) {
            case 0 -> Script.rateLimited(THROTTLED);
            case 1 -> Script.rateLimited(null);
            case 2 -> Script.error(529);
            case 3 -> Script.error(500);
            case 4 -> Script.answer().errorEventAfter(0, "overloaded_error");
            case 5 -> Script.answer().cutAfterEvent(0);
            default -> Script.refuse();
        };
    }

    /** Somebody's stream breaks behind its first words, which tell it from all others. */
    private synchronized void cutSomebody() {
        if (random.nextInt(25) > 0) {
            return;
        }
        Script words = Script.text("cut-" + cuts.incrementAndGet() + " and five or more words")
                .trickle(Duration.ofMillis(10));
        int events = 4 + random.nextInt(3);
        upstreams
                .get(random.nextInt(ACCOUNTS))
                .enqueue(
                        switch (random.nextInt(4)) {
                            case 0 -> words.cutAfterEvent(events);
                            case 1 -> words.cutMidEvent(events);
                            case 2 -> words.cleanEndAfterEvent(events);
                            default -> words.errorEventAfter(events, "overloaded_error");
                        });
    }
}
