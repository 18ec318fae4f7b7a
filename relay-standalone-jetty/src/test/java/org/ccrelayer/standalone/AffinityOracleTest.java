package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.account.Account;
import org.ccrelayer.simulated.PromptCache;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.Cost;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageSubject;
import org.ccrelayer.usage.UsageTotals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * With affinity, conversations over five accounts read from the prompt cache what they would read on one account, the oracle.
 * What was read and what it cost is what the relay's ledger says.
 */
@Timeout(180)
class AffinityOracleTest {
    private static final int ACCOUNTS = 5;
    private static final int SESSIONS = 200;
    private static final int TURNS = 20;
    private static final int CLIENTS = 8;
    private static final Map<ConfigKey, String> ROUND_ROBIN = Map.of(ConfigKey.STICKY_SESSION_TTL, "0");

    private final MovedClock clock = new MovedClock(Instant.parse("2026-11-23T10:00:00Z"));

    @Test
    void fiveAccountsReadFromTheCacheWhatOneWould() throws Exception {
        UsageTotals oracle = run(1, Map.of());
        UsageTotals affinity = run(ACCOUNTS, Map.of());
        UsageTotals roundRobin = run(ACCOUNTS, ROUND_ROBIN);
        System.out.println(report(oracle, affinity, roundRobin));
        assertThat(List.of(affinity.tokens().prompt(), roundRobin.tokens().prompt()))
                .as("the same turns")
                .containsOnly(oracle.tokens().prompt());
        assertThat(percent(affinity, oracle)).as("with affinity").isGreaterThanOrEqualTo(new BigDecimal("99"));
        assertThat(percent(roundRobin, oracle)).as("in turn").isLessThan(new BigDecimal("75"));
        assertThat(affinity.costNanoUsd()).isLessThan(roundRobin.costNanoUsd());
    }

    @Test
    void whatIsNotUsedForTooLongIsWrittenAgain() throws Exception {
        Conversation shortly = new Conversation(0);
        Conversation hourly = new Conversation(4);
        try (Setting setting = new Setting(ACCOUNTS, Map.of())) {
            setting.ask(shortly);
            setting.ask(hourly);
            clock.move(Duration.ofMinutes(5));
            assertThat(setting.ask(shortly).cacheRead()).isZero();
            assertThat(setting.ask(hourly).cacheRead()).isPositive();
            clock.move(Duration.ofMinutes(5).minusNanos(1));
            assertThat(setting.ask(shortly).cacheRead()).isPositive();
            clock.move(Duration.ofHours(1));
            assertThat(setting.ask(hourly).cacheRead()).isZero();
        }
    }

    /** All turns of all conversations. Those of one follow each other; everything else is shuffled, and runs at once. */
    private UsageTotals run(int accounts, Map<ConfigKey, String> settings) throws Exception {
        try (Setting setting = new Setting(accounts, settings)) {
            ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
            try {
                List<Future<?>> running = new ArrayList<>();
                for (int client = 0; client < CLIENTS; client++) {
                    List<Conversation> turns = turns(client);
                    running.add(clients.submit(() -> setting.askAll(turns)));
                }
                for (Future<?> client : running) {
                    client.get(100, TimeUnit.SECONDS);
                }
            } finally {
                clients.shutdownNow();
            }
            return setting.totals();
        }
    }

    private static List<Conversation> turns(int client) {
        List<Conversation> turns = new ArrayList<>();
        for (int number = client; number < SESSIONS; number += CLIENTS) {
            turns.addAll(Collections.nCopies(TURNS, new Conversation(number)));
        }
        Collections.shuffle(turns, new Random(client));
        return turns;
    }

    private static BigDecimal percent(UsageTotals part, UsageTotals oracle) {
        return BigDecimal.valueOf(100 * part.tokens().cacheRead())
                .divide(BigDecimal.valueOf(oracle.tokens().cacheRead()), 2, RoundingMode.DOWN);
    }

    private static String report(UsageTotals oracle, UsageTotals affinity, UsageTotals roundRobin) {
        long tokens = affinity.tokens().cacheRead() - roundRobin.tokens().cacheRead();
        return String.format(
                Locale.ROOT,
                "Affinity oracle: %d sessions x %d turns with %,d input tokens. Read from the cache: %s on one account, %s "
                        + "over %d with affinity, %s in turn. Saved: %,d cache reads, $%s of $%s.",
                SESSIONS,
                TURNS,
                oracle.tokens().prompt(),
                share(oracle, oracle),
                share(affinity, oracle),
                ACCOUNTS,
                share(roundRobin, oracle),
                tokens,
                Cost.usd(roundRobin.costNanoUsd() - affinity.costNanoUsd()),
                Cost.usd(roundRobin.costNanoUsd()));
    }

    private static String share(UsageTotals part, UsageTotals oracle) {
        return String.format(Locale.ROOT, "%,d (%s %%)", part.tokens().cacheRead(), percent(part, oracle));
    }

    /** A relay before one API, on which each of its accounts has a workspace of its own. */
    private final class Setting implements AutoCloseable {
        private final SimulatedClaude upstream;
        private final StandaloneRelay relay;
        private final List<Account> accounts = new ArrayList<>();

        Setting(int count, Map<ConfigKey, String> settings) {
            upstream = SimulatedClaude.start(SimulatedClaude.Options.defaults()
                            .withoutRecording()
                            .withPromptCache(new PromptCache(clock)))
                    .always(Script.text(Conversation.ANSWER));
            relay = StandaloneRelay.start(settings, clock);
            for (int number = 0; number < count; number++) {
                accounts.add(relay.account(upstream.uri()));
            }
        }

        Void askAll(List<Conversation> turns) throws IOException {
            try (RawClient client = relay.client()) {
                for (Conversation conversation : turns) {
                    ask(client, conversation);
                }
            }
            return null;
        }

        /** Takes the next turn; tells what it used. */
        Tokens ask(Conversation conversation) throws IOException {
            int before = relay.listener().summaries().size();
            try (RawClient client = relay.client()) {
                ask(client, conversation);
            }
            return relay.rows(relay.listener().await(before + 1)).get(0).tokens();
        }

        private void ask(RawClient client, Conversation conversation) throws IOException {
            RawClient.Answer answer = client.post(
                            "/v1/messages", relay.key(), conversation.next(), conversation.headers())
                    .readAnswer();
            assertThat(answer.head().status()).as(answer.text()).isEqualTo(200);
        }

        /** What everything used; every account had its share. */
        UsageTotals totals() {
            Wait.until("no exchange in flight", () -> relay.relay().exchangesInFlight() == 0);
            UsageTotals totals = relay.store().usage().totals();
            assertThat(totals.attempts()).isEqualTo(SESSIONS * TURNS);
            for (Account account : accounts) {
                assertThat(relay.store()
                                .usage()
                                .totals(UsageSubject.account(account.id()))
                                .attempts())
                        .isGreaterThan(totals.attempts() / (2L * accounts.size()));
            }
            return totals;
        }

        @Override
        public void close() {
            relay.close();
            upstream.close();
        }
    }
}
