package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.internal.store.embedded.StoredRows;
import org.ccrelayer.limit.LimitUse;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.LedgerFold;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Client, upstream or relay dies at a point of a streamed answer: exactly one row says what that cost, every counter is the
 * sum of the rows, and the only place that the relay key has is free again.
 */
@Timeout(60)
class KillMatrixTest {
    private static final KeyLimits STANDARD = KeyLimits.NONE.withConcurrency(1);
    private static final KeyLimits STRICT =
            STANDARD.withBudgets(new Budgets(BudgetMode.STRICT, 0, 1_000_000_000_000L, Budgets.Weekly.NONE, null));
    private static final byte[] REQUEST = ("{\"model\":\"" + AnswerPoint.MODEL
                    + "\",\"max_tokens\":300,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\""
                    + Canary.PROMPT.text() + " hi".repeat(2_700) + "\"}]}")
            .getBytes(StandardCharsets.UTF_8);

    /** What becomes of an answer whose client is gone, and why. */
    private enum Gone {
        CANCELLED,
        READ_ON,
        READ_ON_SINCE_STRICT
    }

    @TempDir
    private Path folder;

    private HeldUpstream upstream;
    private StandaloneRelay relay;
    private IssuedKey key;
    private KeyLimits limits;

    @AfterEach
    void stop() throws IOException {
        upstream.close();
        if (relay != null) {
            relay.close();
        }
    }

    private void start(HeldUpstream held, KeyLimits keyLimits, Map<ConfigKey, String> settings) {
        upstream = held;
        limits = keyLimits;
        relay = StandaloneRelay.start(settings);
        relay.account(upstream.uri());
        key = relay.issue(limits);
    }

    private static RawClient ask(int port, IssuedKey key, String... headers) throws IOException {
        return new RawClient(port).post("/v1/messages", key.secret().reveal(), REQUEST, headers);
    }

    /** A client that has everything up to the point. */
    private RawClient askUpTo(AnswerPoint point) throws IOException {
        RawClient client = ask(relay.server().port(), key, HeldUpstream.HOLD);
        upstream.awaitHolding(1);
        receiveUpTo(point, client);
        assertThat(use(key, limits).leases()).isEqualTo(1);
        return client;
    }

    private static void receiveUpTo(AnswerPoint point, RawClient client) throws IOException {
        if (point != AnswerPoint.BEFORE_HEADERS) {
            client.readHead();
            assertThat(client.readUntil(point.before())).isEqualTo(point.before());
        }
    }

    private LimitUse use(IssuedKey of, KeyLimits under) {
        return relay.store().limits().use(of.key().id(), under, ZoneOffset.UTC);
    }

    static Stream<Arguments> deathsOfClients() {
        return Stream.of(AnswerPoint.values())
                .flatMap(point -> Stream.of(Gone.values())
                        .flatMap(gone -> Stream.of(false, true).map(reset -> Arguments.of(point, gone, reset))));
    }

    @ParameterizedTest
    @MethodSource("deathsOfClients")
    void aClientDies(AnswerPoint point, Gone gone, boolean reset) throws Exception {
        String policy = gone == Gone.READ_ON ? "drain" : "cancel";
        start(
                HeldUpstream.at(point),
                gone == Gone.READ_ON_SINCE_STRICT ? STRICT : STANDARD,
                Map.of(ConfigKey.CLIENT_GONE_POLICY, policy));
        RawClient client = askUpTo(point);
        if (reset) {
            client.reset();
        } else {
            client.close();
        }
        upstream.makeNoise();
        if (gone == Gone.CANCELLED) {
            Wait.until("the upstream to be cancelled", upstream::hungUp);
            // Without anything to write, nobody learns that a client is gone.
            AnswerPoint last = point == AnswerPoint.BEFORE_HEADERS ? AnswerPoint.MESSAGE_START : point;
            assertIsBooked(Outcome.CLIENT_GONE, last.state(), last.tokens());
        } else {
            Wait.until("the answer to be read on", () -> relay.relay().drainsRunning() == 1);
            upstream.finish();
            assertIsBooked(Outcome.CLIENT_GONE, State.FINAL, AnswerPoint.USED);
        }
    }

    static Stream<Arguments> deathsOfUpstreams() {
        return Stream.of(AnswerPoint.values())
                .flatMap(point -> Stream.of(STANDARD, STRICT)
                        .flatMap(limits -> Stream.of(false, true).map(reset -> Arguments.of(point, limits, reset))));
    }

    @ParameterizedTest
    @MethodSource("deathsOfUpstreams")
    void anUpstreamDies(AnswerPoint point, KeyLimits keyLimits, boolean reset) throws Exception {
        start(reset ? HeldUpstream.resettingAt(point) : HeldUpstream.at(point), keyLimits, Map.of());
        RawClient client = askUpTo(point);
        upstream.die();
        Outcome outcome = point == AnswerPoint.BEFORE_HEADERS ? Outcome.UPSTREAM_UNREACHABLE : Outcome.UPSTREAM_BROKEN;
        assertIsBooked(outcome, point.state(), point.tokens());
        client.close();
    }

    /** The one row of the one exchange, and nothing else in any counter; then another answer has room. */
    private void assertIsBooked(Outcome outcome, State state, Tokens tokens) throws IOException {
        RequestSummary summary = relay.listener().await(1);
        assertThat(summary.outcome()).isEqualTo(outcome);
        assertThat(relay.rows(summary)).hasSize(1);
        UsageRecord row = relay.rows(summary).get(0);
        assertRowIs(row, state, tokens);
        assertThat(row.keyId()).isEqualTo(key.key().id());
        assertThat(relay.relay().permitsHeld()).isZero();
        assertCountersAre(List.of(row));
        assertAnswersAgain(key);
        assertCountersAre(List.of(row, relay.rows(relay.listener().await(2)).get(0)));
    }

    private static void assertRowIs(UsageRecord row, State state, Tokens tokens) {
        assertThat(row.state()).isEqualTo(state);
        assertThat(row.tokens()).isEqualTo(tokens);
        assertThat(row.costNanoUsd())
                .isEqualTo(state == State.UNKNOWN ? row.reservedNanoUsd() : AnswerPoint.price(tokens));
    }

    private void assertCountersAre(List<UsageRecord> rows) {
        assertThat(StoredRows.of(relay.store()).settled()).containsExactlyInAnyOrderElementsOf(rows);
        assertThat(StoredRows.of(relay.store()).open()).isEmpty();
        LedgerFold fold = new LedgerFold();
        rows.forEach(fold::settled);
        fold.assertIsTheSumOf(relay.store().usage(), ZoneOffset.UTC);
        assertNothingIsHeld(key, limits, fold.spent());
    }

    private void assertNothingIsHeld(IssuedKey of, KeyLimits under, long spent) {
        LimitUse use = use(of, under);
        assertThat(use.leases()).isZero();
        assertThat(use.reservedNanoUsd()).isZero();
        assertThat(use.totalNanoUsd()).isEqualTo(spent);
    }

    private void assertAnswersAgain(IssuedKey of) throws IOException {
        upstream.finish();
        try (RawClient client = ask(relay.server().port(), of)) {
            assertThat(client.readAnswer().text()).isEqualTo(AnswerPoint.MESSAGE_STOP.before());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theRelayDies(AnswerPoint point) throws Exception {
        upstream = HeldUpstream.at(point);
        Path data = folder.resolve("data");
        IssuedKey standard;
        IssuedKey strict;
        try (StandaloneRelay setUp = StandaloneRelay.on(data)) {
            setUp.account(upstream.uri());
            standard = setUp.issue(STANDARD);
            strict = setUp.issue(STRICT);
        }
        try (RelayProcess process = RelayProcess.startUnpackaged(folder, RelayProcess.goodEnvironment(data));
                RawClient whole = ask(process.port(), standard)) {
            assertThat(whole.readAnswer().text()).isEqualTo(AnswerPoint.MESSAGE_STOP.before());
            Wait.until("the whole answer to be settled", () -> process.output().contains("outcome=COMPLETED"));
            try (RawClient first = ask(process.port(), standard, HeldUpstream.HOLD);
                    RawClient second = ask(process.port(), strict, HeldUpstream.HOLD)) {
                upstream.awaitHolding(2);
                receiveUpTo(point, first);
                receiveUpTo(point, second);
                process.kill();
            }
        }
        relay = StandaloneRelay.on(data);
        assertIsKnownAfterDeath(standard, strict);
    }

    /** The answer that was settled before is as it was, those that were under way are booked with what was reserved. */
    private void assertIsKnownAfterDeath(IssuedKey standard, IssuedKey strict) throws IOException {
        List<UsageRecord> rows = rowsOf(standard);
        assertThat(rows).hasSize(2);
        assertRowIs(rows.get(0), State.FINAL, AnswerPoint.USED);
        assertRowIs(rows.get(1), State.UNKNOWN, Tokens.NONE);
        assertThat(rows.get(1).costNanoUsd()).isZero();
        assertThat(rowsOf(strict)).hasSize(1);
        assertRowIs(rowsOf(strict).get(0), State.UNKNOWN, Tokens.NONE);
        assertBothHoldNothing(standard, strict);
        assertAnswersAgain(standard);
        assertAnswersAgain(strict);
        relay.listener().await(2);
        assertThat(rowsOf(standard))
                .hasSize(3)
                .last()
                .satisfies(row -> assertRowIs(row, State.FINAL, AnswerPoint.USED));
        assertThat(rowsOf(strict)).hasSize(2).last().satisfies(row -> assertRowIs(row, State.FINAL, AnswerPoint.USED));
        assertBothHoldNothing(standard, strict);
    }

    private void assertBothHoldNothing(IssuedKey standard, IssuedKey strict) {
        LedgerFold fold = new LedgerFold();
        StoredRows rows = StoredRows.of(relay.store());
        assertThat(rows.open()).isEmpty();
        rows.settled().forEach(fold::settled);
        fold.assertIsTheSumOf(relay.store().usage(), ZoneOffset.UTC);
        assertNothingIsHeld(standard, STANDARD, cost(rowsOf(standard)));
        assertNothingIsHeld(strict, STRICT, cost(rowsOf(strict)));
    }

    private static long cost(List<UsageRecord> rows) {
        return rows.stream().mapToLong(UsageRecord::costNanoUsd).sum();
    }

    /** Every row of a relay key, oldest first. */
    private List<UsageRecord> rowsOf(IssuedKey of) {
        return StoredRows.of(relay.store()).settled().stream()
                .filter(row -> row.keyId().equals(of.key().id()))
                .sorted(Comparator.comparing(UsageRecord::startedAt))
                .toList();
    }
}
