package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.admin.KeyChange;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.limit.Refusal;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.usage.UsageRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client is told when its relay key has no room, and what becomes of the request. */
class KeyLimitsTest {
    /** A Sunday evening; a day ends in an hour and a half, a week as well. */
    private static final Instant EVENING = Instant.parse("2026-11-22T22:30:00Z");

    private static final long DOLLAR = 1_000_000_000L;

    /** 1,000 tokens of input and 200 of output at 2 and 10 dollars per million. */
    private static final long COST = 4_000_000L;

    private final AtomicReference<Instant> now = new AtomicReference<>(EVENING);
    private SimulatedClaude upstream;
    private StandaloneRelay relay;

    @BeforeEach
    void start() throws IOException {
        upstream = SimulatedClaude.start();
        relay = StandaloneRelay.start(Map.of(), now::get);
        relay.account(upstream.uri());
    }

    @AfterEach
    void stop() {
        relay.close();
        upstream.close();
    }

    @Test
    void oneRequestTooManyAtTheSameTimeIsToldToComeBackAtOnce() throws Exception {
        limit(limits -> limits.withConcurrency(1));
        upstream.enqueue(Script.text("long").events(3).trickle(Duration.ofMillis(200)));
        try (RawClient first = relay.client()) {
            first.post("/v1/messages", relay.key(), StandaloneRelay.stream());
            assertThat(first.readHead().status()).isEqualTo(200);
            RawClient.Answer refused = relay.post(StandaloneRelay.message());
            assertRefused(refused, "rate_limit_error", "1", false);
            assertThat(refused.text())
                    .contains("This relay key may run 1 requests at the same time, and 1 are running.");
            assertThat(relay.listener().await(1).outcome()).isEqualTo(Outcome.CONCURRENCY_LIMITED);
            first.readUntil("message_stop");
        }
        relay.listener().await(2);
        spend();
    }

    @Test
    void aPlaceIsKeptForAsLongAsAnAnswerRuns() throws Exception {
        relay.close();
        relay = StandaloneRelay.start(Map.of(ConfigKey.CONCURRENCY_SLOT_TTL, "3000"));
        relay.account(upstream.uri());
        limit(limits -> limits.withConcurrency(1));
        upstream.enqueue(Script.answer().events(9).deltaText("part").trickle(Duration.ofMillis(400)));
        try (RawClient first = relay.client()) {
            first.post("/v1/messages", relay.key(), StandaloneRelay.stream());
            first.readHead();
            for (int event = 0; event < 9; event++) {
                first.readUntil("text_delta");
            }
            assertRefused(relay.post(StandaloneRelay.message()), "rate_limit_error", "1", false);
            first.readUntil("message_stop");
        }
        relay.listener().await(2);
    }

    @Test
    void aWindowThatIsUsedUpIsToldWithItsEnd() throws Exception {
        limit(limits -> limits.withRate(new RateLimit(60, 1, 0, 0)));
        spend();
        now.set(EVENING.plus(Duration.ofMinutes(20)));
        RawClient.Answer refused = relay.post(StandaloneRelay.message());
        assertRefused(refused, "rate_limit_error", "2400", true);
        assertThat(refused.text())
                .contains("The rate limit of this relay key is 1 requests per 60 minutes, and 1 were made."
                        + " It starts anew at 2026-11-22T23:30:00Z.");
        now.set(EVENING.plus(Duration.ofMinutes(60)).minusSeconds(3));
        assertRefused(relay.post(StandaloneRelay.message()), "rate_limit_error", "3", false);
        now.set(EVENING.plus(Duration.ofMinutes(60)));
        spend();
    }

    @Test
    void tokensAndCostOfTheWindowCount() throws Exception {
        limit(limits -> limits.withRate(new RateLimit(60, 0, 1_200, 0)));
        spend();
        assertThat(relay.post(StandaloneRelay.message()).text())
                .contains("is 1200 tokens per 60 minutes, and 1200 were used.");
        limit(limits -> limits.withRate(new RateLimit(60, 0, 0, COST)));
        assertThat(relay.post(StandaloneRelay.message()).text())
                .contains("is $0.004 per 60 minutes, and $0.004 were spent.");
    }

    @Test
    void aModelRefusalBeforeAnyOutputAndALimitsOwnRefusalCountForNothing() throws Exception {
        limit(limits -> limits.withRate(new RateLimit(60, 1, 0, 0)));
        String refusal =
                "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-5-5\","
                        + "\"content\":[],\"stop_reason\":\"refusal\",\"usage\":{\"input_tokens\":9,\"output_tokens\":0}}";
        upstream.enqueue(Script.raw(200, "application/json", refusal.getBytes(StandardCharsets.UTF_8)));
        assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(200);
        RequestSummary refused = relay.listener().await(1);
        assertThat(relay.rows(refused)).extracting(UsageRecord::state).containsExactly(UsageRecord.State.VOID);
        spend();
        assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(429);
    }

    @Test
    void aDailyBudgetThatIsSpentIsABillingErrorUntilTheDayEnds() throws Exception {
        limit(limits -> limits.withBudgets(daily(BudgetMode.STANDARD, COST)));
        spend();
        RawClient.Answer refused = relay.post(StandaloneRelay.message());
        assertRefused(refused, "billing_error", "5400", true);
        assertThat(refused.text())
                .contains("The daily budget of this relay key is $0.004, and $0.004 of it are spent."
                        + " It starts anew at 2026-11-23T00:00:00Z.");
        assertThat(relay.listener().await(2).outcome()).isEqualTo(Outcome.BUDGET_SPENT);
        now.set(EVENING.plus(Duration.ofMinutes(90)));
        spend();
    }

    @Test
    void aWeeklyBudgetOfAFamilyConcernsThatFamilyOnly() throws Exception {
        Budgets.Weekly opus = new Budgets.Weekly(1, "opus", 1, 0);
        limit(limits -> limits.withBudgets(new Budgets(BudgetMode.STANDARD, 0, 0, opus, null)));
        spend();
        spend();
        Budgets.Weekly sonnet = new Budgets.Weekly(COST, "sonnet", 7, 22);
        limit(limits -> limits.withBudgets(new Budgets(BudgetMode.STANDARD, 0, 0, sonnet, null)));
        RawClient.Answer refused = relay.post(StandaloneRelay.message());
        assertThat(refused.text())
                .contains("The Sonnet weekly budget of this relay key is $0.004, and $0.008 of it are spent."
                        + " It starts anew at 2026-11-29T22:00:00Z.");
    }

    @Test
    void aTotalBudgetSaysThatItDoesNotReset() throws Exception {
        limit(limits -> limits.withBudgets(new Budgets(BudgetMode.STANDARD, 0, COST, Budgets.Weekly.NONE, null)));
        spend();
        RawClient.Answer refused = relay.post(StandaloneRelay.message());
        assertThat(refused.head().status()).isEqualTo(429);
        assertThat(refused.head().has("retry-after")).isFalse();
        assertThat(refused.head().header("x-should-retry")).isEqualTo("false");
        assertThat(refused.text()).contains("total budget", "It does not reset; ask the relay's operator to raise it.");
    }

    @Test
    void aStrictBudgetTellsWhatFits() throws Exception {
        limit(limits -> limits.withBudgets(daily(BudgetMode.STRICT, DOLLAR / 1_000)));
        RawClient.Answer refused = relay.post(StandaloneRelay.message());
        assertRefused(refused, "billing_error", "5400", true);
        assertThat(refused.text()).contains("so $0.001 are left.", "This request may cost up to $0.00");
        String largest = refused.text().replaceFirst("(?s).*max_tokens of at most ([0-9]+) it fits.*", "$1");
        assertThat(relay.listener().await(1).outcome()).isEqualTo(Outcome.BUDGET_TOO_SMALL);
        upstream.enqueue(Script.text("ok").withUsage(10, 1, 0, 0, 0));
        assertThat(relay.post(request(largest)).head().status()).isEqualTo(200);
        relay.listener().await(2);
        assertThat(relay.post(request(largest)).head().status())
                .as("something of it is spent now")
                .isEqualTo(429);
    }

    @Test
    void whatAStrictBudgetHasReservedIsToldApartFromWhatIsSpent() throws Exception {
        limit(limits -> limits.withBudgets(daily(BudgetMode.STRICT, 2 * DOLLAR / 1_000)));
        upstream.enqueue(
                Script.text("long").events(3).trickle(Duration.ofMillis(200)).withUsage(10, 2, 0, 0, 0));
        try (RawClient first = relay.client()) {
            first.post("/v1/messages", relay.key(), StandaloneRelay.stream());
            assertThat(first.readHead().status()).isEqualTo(200);
            RawClient.Answer refused = relay.post(StandaloneRelay.message());
            assertRefused(refused, "rate_limit_error", "1", false);
            assertThat(refused.text()).contains("are reserved by running requests.");
            assertThat(relay.listener().await(1).outcome()).isEqualTo(Outcome.BUDGET_RESERVED);
            first.readUntil("message_stop");
        }
        relay.listener().await(2);
        upstream.enqueue(Script.text("ok").withUsage(10, 2, 0, 0, 0));
        assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(200);
    }

    @Test
    void aStrictBudgetRefusesWhatNobodyCanBound() throws Exception {
        limit(limits -> limits.withBudgets(daily(BudgetMode.STRICT, DOLLAR)));
        byte[] unbounded =
                "{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":10,\"mcp_servers\":[{\"type\":\"url\"}],\"messages\":[]}"
                        .getBytes(StandardCharsets.UTF_8);
        RawClient.Answer refused = relay.post(unbounded);
        assertThat(refused.head().status()).isEqualTo(400);
        assertThat(refused.text()).contains("invalid_request_error", "mcp_servers: must be left out", "strict");
    }

    @Test
    void aStrictRequestThatTimesOutIsBookedWithItsReservation() throws Exception {
        relay.close();
        relay = StandaloneRelay.start(
                Map.of(ConfigKey.HEADER_TIMEOUT, "300", ConfigKey.MAX_RETRY_ACCOUNTS, "0"), now::get);
        relay.account(upstream.uri());
        limit(limits -> limits.withBudgets(daily(BudgetMode.STRICT, DOLLAR)));
        upstream.enqueue(Script.answer().delay(Duration.ofSeconds(3)));
        assertThat(relay.post(StandaloneRelay.stream()).head().status()).isEqualTo(504);
        UsageRecord row = relay.rows(relay.listener().await(1)).get(0);
        assertThat(row.state()).isEqualTo(UsageRecord.State.UNKNOWN);
        assertThat(row.costNanoUsd()).isPositive().isEqualTo(row.reservedNanoUsd());
    }

    @Test
    void aShadowBudgetOnlyCounts() throws Exception {
        limit(limits -> limits.withBudgets(daily(BudgetMode.SHADOW, 1)));
        spend();
        spend();
        assertThat(relay.listener().await(2).shadowed()).contains(Refusal.Limit.DAILY_BUDGET);
    }

    @Test
    void aDeniedModelIsRefused() throws Exception {
        limit(limits -> limits.withModels(Set.of(), Set.of("claude-sonnet-5-5")));
        RawClient.Answer refused = relay.post(StandaloneRelay.message());
        assertThat(refused.head().status()).isEqualTo(403);
        assertThat(refused.text()).contains("permission_error", "may not use the model claude-sonnet-5-5");
    }

    @Test
    void aKeysLifeMayBeginWithItsFirstUse() throws Exception {
        IssuedKey key = relay.relay().administration().createKey(new NewKey("trial", KeyLimits.NONE, null, 2));
        now.set(EVENING.plus(Duration.ofDays(30)));
        assertThat(statusWith(key)).isEqualTo(200);
        now.set(EVENING.plus(Duration.ofDays(32)).minusSeconds(1));
        assertThat(statusWith(key)).isEqualTo(200);
        now.set(EVENING.plus(Duration.ofDays(32)));
        assertThat(statusWith(key)).isEqualTo(401);
    }

    private int statusWith(IssuedKey key) throws IOException {
        try (RawClient client = relay.client()) {
            return client.post("/v1/messages", key.secret().reveal(), StandaloneRelay.message())
                    .readAnswer()
                    .head()
                    .status();
        }
    }

    /** A request that is answered, and costs {@link #COST}. */
    private void spend() throws IOException {
        int before = relay.listener().summaries().size();
        upstream.enqueue(Script.text("ok").withUsage(1_000, 200, 0, 0, 0));
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(answer.head().status()).as(answer.text()).isEqualTo(200);
        relay.listener().await(before + 1);
    }

    private void limit(UnaryOperator<KeyLimits> change) {
        relay.relay()
                .administration()
                .changeKey(relay.keyId(), KeyChange.ofLimits(old -> change.apply(KeyLimits.NONE)));
    }

    private static Budgets daily(BudgetMode mode, long nanoUsd) {
        return new Budgets(mode, nanoUsd, 0, Budgets.Weekly.NONE, null);
    }

    private static byte[] request(String maxTokens) {
        return ("{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":" + maxTokens
                        + ",\"stream\":false,\"messages\":[{\"role\":\"user\",\"content\":\"" + Canary.PROMPT.text()
                        + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void assertRefused(RawClient.Answer answer, String type, String retryAfter, boolean pointless) {
        assertThat(answer.head().status()).isEqualTo(429);
        assertThat(answer.text())
                .contains("\"type\":\"error\"", "\"type\":\"" + type + "\"", "\"request_id\":\"relay_");
        assertThat(answer.head().header("retry-after")).isEqualTo(retryAfter);
        assertThat(answer.head().has("x-should-retry")).isEqualTo(pointless);
    }
}
