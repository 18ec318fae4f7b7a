package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.account.Account;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where no account answers, the client is told what helps it most, in words that name no account. */
class EveryAccountFailsTest {
    private static final String ORGANIZATION = "0d8e5c1a-1111-4222-8333-444444444444";

    private final MovedClock clock = new MovedClock(Instant.parse("2026-11-23T12:00:00Z"));
    private final List<SimulatedClaude> upstreams = new ArrayList<>();
    private final List<Account> accounts = new ArrayList<>();
    private StandaloneRelay relay;

    @BeforeEach
    void start() {
        relay = StandaloneRelay.start(Map.of(ConfigKey.MAX_RETRY_ACCOUNTS, "2"), clock);
    }

    @AfterEach
    void stop() {
        relay.close();
        upstreams.forEach(SimulatedClaude::close);
    }

    private RawClient.Answer told(Script... scripts) throws Exception {
        for (Script script : scripts) {
            SimulatedClaude upstream = SimulatedClaude.start().always(script);
            upstreams.add(upstream);
            accounts.add(relay.account(upstream.uri()));
            // Who is older is asked first.
            clock.move(Duration.ofMillis(1));
        }
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(upstreams.stream().map(SimulatedClaude::requestCount)).containsOnly(1);
        assertThat(answer.text()).doesNotContain(ORGANIZATION, StandaloneRelay.ACCOUNT_KEY, "127.0.0.1", "account-");
        assertThat(accounts)
                .noneMatch(account -> answer.text().contains(account.id())
                        || answer.head().headers().toString().contains(account.id()));
        return answer;
    }

    private static Script refusal(int status, String type, String words) {
        return Script.raw(
                status,
                "application/json",
                ("{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + words + " of organization "
                                + ORGANIZATION + "\"}}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static Script throttle(String words, int seconds) {
        return refusal(429, "rate_limit_error", words).withHeader("retry-after", Integer.toString(seconds));
    }

    private void isOwn(RawClient.Answer answer, Outcome outcome, String words) {
        assertThat(answer.head().status()).isEqualTo(outcome.status());
        assertThat(answer.head().header("request-id")).startsWith("relay_");
        assertThat(answer.text())
                .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"" + words)
                .endsWith("\"},\"request_id\":\"" + answer.head().header("request-id") + "\"}");
        assertThat(relay.listener().await(1).outcome()).isEqualTo(outcome);
    }

    @Test
    void ofSeveralThrottlesTheLastIsToldWithTheSoonestTime() throws Exception {
        RawClient.Answer answer = told(
                throttle("first", 40),
                throttle("second", 4),
                throttle("third", 30).withHeader("retry-after-ms", "30000"));
        assertThat(answer.head().status()).isEqualTo(429);
        assertThat(answer.text()).contains("third of organization [redacted]");
        assertThat(answer.head().header("retry-after")).isEqualTo("4");
        assertThat(answer.head().has("retry-after-ms")).isFalse();
        assertThat(relay.listener().await(1).outcome()).isEqualTo(Outcome.UPSTREAM_REFUSED);
    }

    @Test
    void theLastThrottlesOwnTimeStaysAsItCameIfItIsTheSoonest() throws Exception {
        RawClient.Answer answer =
                told(throttle("first", 40), throttle("second", 5).withHeader("retry-after-ms", "4500"));
        assertThat(answer.text()).contains("second");
        assertThat(answer.head().header("retry-after")).isEqualTo("5");
        assertThat(answer.head().header("retry-after-ms")).isEqualTo("4500");
    }

    @Test
    void aThrottleGoesBeforeARefusedCredential() throws Exception {
        RawClient.Answer answer = told(throttle("first", 9), refusal(401, "authentication_error", "second"));
        assertThat(answer.head().status()).isEqualTo(429);
        assertThat(answer.head().header("retry-after")).isEqualTo("9");
    }

    @Test
    void aRefusedCredentialGoesBeforeTrouble() throws Exception {
        RawClient.Answer answer =
                told(refusal(401, "authentication_error", "first"), refusal(500, "api_error", "second"));
        assertThat(answer.head().status()).isEqualTo(401);
        assertThat(answer.head().header("x-should-retry")).isEqualTo("false");
        assertThat(answer.text()).contains("first of organization [redacted]");
    }

    @Test
    void whereNothingIsKnownOfTheTimeItIsA529ThatNamesHowManyWereTried() throws Exception {
        RawClient.Answer answer = told(Script.error(500), Script.refuse(), refusal(500, "api_error", "third"));
        isOwn(
                answer,
                Outcome.NO_ACCOUNT,
                "None of the 3 upstream accounts that were tried could serve the request; the last one answered 500.");
        assertThat(answer.head().has("retry-after")).isFalse();
    }

    @Test
    void whereATroubledUpstreamNamesATimeItIsA503WithTheSoonest() throws Exception {
        RawClient.Answer answer = told(
                Script.error(529).withHeader("retry-after", "4"),
                Script.error(503).withHeader("retry-after", "20"),
                Script.refuse());
        isOwn(answer, Outcome.ACCOUNTS_BUSY, "None of the 3 upstream accounts that were tried");
        assertThat(answer.text()).contains("the last one gave no answer. Try again in 4 s.");
        assertThat(answer.head().header("retry-after")).isEqualTo("4");
        assertThat(answer.head().has("x-should-retry")).isFalse();
    }

    @Test
    void anAccountThatOnlyWaitsTellsWhenToComeBack() throws Exception {
        assertThat(told(throttle("first", 30)).head().status()).isEqualTo(429);
        for (int number = 0; number < 2; number++) {
            SimulatedClaude upstream = SimulatedClaude.start().always(Script.error(500));
            upstreams.add(upstream);
            accounts.add(relay.account(upstream.uri()));
        }
        clock.move(Duration.ofSeconds(10));
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(answer.head().status()).isEqualTo(503);
        assertThat(answer.text()).contains("None of the 2 upstream accounts that were tried");
        assertThat(answer.head().header("retry-after")).isEqualTo("20");
        assertThat(answer.head().header("x-should-retry")).isEqualTo("false");
    }

    @Test
    void theTroubleOfTheOnlyAccountIsToldAsItCame() throws Exception {
        RawClient.Answer answer = told(refusal(503, "api_error", "only"));
        assertThat(answer.head().status()).isEqualTo(503);
        assertThat(answer.text()).contains("only of organization [redacted]");
    }

    @Test
    void theRequestsOwnFaultIsToldWhateverFailedBefore() throws Exception {
        RawClient.Answer answer = told(throttle("first", 9), refusal(400, "invalid_request_error", "second"));
        assertThat(answer.head().status()).isEqualTo(400);
    }
}
