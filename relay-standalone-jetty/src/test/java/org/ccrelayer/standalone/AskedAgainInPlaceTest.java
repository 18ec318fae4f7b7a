package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RawUpstream;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An account that is only busy for a moment is asked again by the same request, when no other can serve it. */
class AskedAgainInPlaceTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final List<SimulatedClaude> upstreams = new ArrayList<>();
    private StandaloneRelay relay = StandaloneRelay.start();

    @AfterEach
    void stop() {
        relay.close();
        upstreams.forEach(SimulatedClaude::close);
    }

    private SimulatedClaude account() {
        SimulatedClaude upstream = SimulatedClaude.start();
        upstreams.add(upstream);
        relay.account(upstream.uri());
        return upstream;
    }

    private void isAnswered(byte[] body) throws IOException {
        RawClient.Answer answer = relay.post(body);
        assertThat(answer.head().status()).as(answer.text()).isEqualTo(200);
    }

    private void isToldAtOnce(int status, SimulatedClaude asked) throws IOException {
        assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(status);
        assertThat(asked.requestCount()).isEqualTo(1);
    }

    static List<Script> brief() {
        return List.of(
                Script.rateLimited(null),
                Script.error(529),
                Script.answer().errorEventAfter(0, "overloaded_error"),
                Script.answer().errorEventAfter(0, "rate_limit_error"),
                Script.error(409).withHeader("x-should-retry", "true"),
                Script.error(400).withHeader("x-should-retry", "true"));
    }

    @ParameterizedTest
    @MethodSource("brief")
    void theSameAccountAnswersAfterAPause(Script busy) throws Exception {
        account().enqueue(busy);
        isAnswered(StandaloneRelay.stream());
        assertThat(upstreams.get(0).requestCount()).isEqualTo(2);
        RequestSummary summary = relay.listener().await(1);
        assertThat(summary.outcome()).isEqualTo(Outcome.COMPLETED);
        List<UsageRecord> rows = relay.rows(summary);
        assertThat(rows).extracting(UsageRecord::state).containsExactly(State.VOID, State.FINAL);
        assertThat(rows).extracting(UsageRecord::id).doesNotHaveDuplicates();
        assertThat(Duration.between(rows.get(0).endedAt(), rows.get(1).startedAt()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(249));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 529})
    void itIsAskedAgainTwiceAtMostAndThenToldAsItCame(int status) throws Exception {
        account().always(status == 429 ? Script.rateLimited(null) : Script.error(status));
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(answer.head().status()).isEqualTo(status);
        assertThat(answer.head().header("request-id")).startsWith("req_sim");
        assertThat(upstreams.get(0).requestCount()).isEqualTo(3);
        assertThat(relay.listener().await(1).attempts()).hasSize(3);
    }

    @Test
    void anotherAccountThatCanServeGoesFirst() throws Exception {
        account().always(Script.error(529));
        account();
        isAnswered(StandaloneRelay.message());
        assertThat(upstreams).extracting(SimulatedClaude::requestCount).containsExactly(1, 1);
    }

    @Test
    void whereTheOthersCannotServeOnlyTheBusyOneIsAskedAgain() throws Exception {
        account().enqueue(Script.error(529));
        account().always(Script.error(401));
        account().always(Script.error(500));
        isAnswered(StandaloneRelay.message());
        assertThat(upstreams).extracting(SimulatedClaude::requestCount).containsExactly(2, 1, 1);
    }

    @Test
    void itIsAskedAgainWhereNoMoreAccountsMayBeTried() throws Exception {
        relay.close();
        relay = StandaloneRelay.start(Map.of(ConfigKey.MAX_RETRY_ACCOUNTS, "1"));
        account().always(Script.error(529));
        account().enqueue(Script.error(529));
        SimulatedClaude third = account();
        isAnswered(StandaloneRelay.message());
        assertThat(upstreams).extracting(SimulatedClaude::requestCount).containsExactly(1, 2, 0);
        assertThat(third.requestCount()).isZero();
    }

    @Test
    void whereAllAreBusyTheLastIsAskedAgainAndThenHowManyWereTriedIsTold() throws Exception {
        account().always(Script.error(529));
        account().always(Script.error(529));
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(answer.head().status()).isEqualTo(529);
        assertThat(answer.text()).contains("None of the 2 upstream accounts that were tried");
        assertThat(upstreams).extracting(SimulatedClaude::requestCount).containsExactly(1, 3);
    }

    @Test
    void oneThatNamesATimeIsLeftAloneUntilThen() throws Exception {
        isToldAtOnce(429, account().always(Script.rateLimited(Duration.ofSeconds(2))));
    }

    @Test
    void oneThatHasTroubleIsNotAskedAgain() throws Exception {
        isToldAtOnce(500, account().always(Script.error(500)));
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 529})
    void oneThatWantsNoFurtherTryIsHeard(int status) throws Exception {
        Script busy = status == 429 ? Script.rateLimited(null) : Script.error(status);
        isToldAtOnce(status, account().always(busy.withHeader("x-should-retry", "false")));
    }

    @Test
    void oneThatThenNamesATimeIsNotAskedAThirdTime() throws Exception {
        account().enqueue(Script.rateLimited(null)).always(Script.rateLimited(Duration.ofSeconds(30)));
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(answer.head().header("retry-after")).isEqualTo("30");
        assertThat(upstreams.get(0).requestCount()).isEqualTo(2);
    }

    @Test
    void nobodyWaitsBeyondTheRequestsTime() throws Exception {
        relay.close();
        MovedClock clock = new MovedClock(NOON);
        relay = StandaloneRelay.start(Map.of(), clock);
        try (RawUpstream upstream = RawUpstream.answering((head, out) -> {
            clock.moveTo(NOON.plusMillis(299_800));
            out.write(RawUpstream.bytes("HTTP/1.1 529 Overloaded\r\ncontent-length: 0\r\n\r\n"));
        })) {
            relay.account(upstream.uri());
            assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(529);
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void theRetryBudgetCountsItToo() throws Exception {
        relay.close();
        relay = StandaloneRelay.start(Map.of(ConfigKey.RETRY_BUDGET_PERCENT, "0"));
        account().always(Script.error(500));
        account().always(Script.error(500));
        int asked = 0;
        do {
            relay.post(StandaloneRelay.message());
            asked++;
        } while (relay.listener().await(asked).attempts().size() == 2);
        assertThat(asked).isEqualTo(101);
        upstreams.forEach(upstream -> upstream.always(Script.error(529)));
        relay.post(StandaloneRelay.message());
        assertThat(relay.listener().await(102).attempts()).hasSize(1);
    }
}
