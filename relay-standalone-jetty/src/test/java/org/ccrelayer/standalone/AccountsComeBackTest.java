package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountStatus;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.admin.KeyChange;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Accounts that refuse are left alone for as long as it takes, and come back by themselves. */
class AccountsComeBackTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final List<SimulatedClaude> upstreams = new ArrayList<>();
    private final List<Account> accounts = new ArrayList<>();
    private StandaloneRelay relay;

    private void start(int count) throws IOException {
        relay = StandaloneRelay.start(Map.of(ConfigKey.STICKY_SESSION_TTL, "0"), now::get);
        for (int number = 0; number < count; number++) {
            SimulatedClaude upstream = SimulatedClaude.start();
            upstreams.add(upstream);
            accounts.add(relay.account(upstream.uri()));
        }
    }

    @AfterEach
    void stop() {
        relay.close();
        upstreams.forEach(SimulatedClaude::close);
    }

    @Test
    void aThrottledAccountRestsForItsTimeAndReturnsAtIt() throws Exception {
        start(2);
        upstreams.get(0).enqueue(Script.rateLimited(Duration.ofSeconds(30)));
        for (int request = 0; request < 6; request++) {
            answered();
        }
        assertThat(upstreams.get(0).requestCount()).isEqualTo(1);
        assertThat(relay.relay()
                        .administration()
                        .accountStatus(accounts.get(0).id())
                        .limitedUntil())
                .containsExactly(Map.entry("sonnet", NOON.plusSeconds(30)));
        now.set(NOON.plusSeconds(31));
        answered();
        answered();
        assertThat(upstreams.get(0).requestCount()).isEqualTo(2);
    }

    @Test
    void aModelOfAnotherNameIsLimitedAsTheOneItStandsFor() throws Exception {
        start(2);
        AccountChange alias = AccountChange.ofRouting(old -> old.withModels(Set.of(), Map.of("fast", "claude-opus-5")));
        accounts.forEach(account -> relay.relay().administration().changeAccount(account.id(), alias));
        upstreams.get(0).enqueue(Script.rateLimited(Duration.ofSeconds(30)));
        String body = "{\"model\":\"fast\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        for (int request = 0; request < 5; request++) {
            assertThat(relay.post(body.getBytes(StandardCharsets.UTF_8)).head().status())
                    .isEqualTo(200);
        }
        assertThat(upstreams.get(0).requestCount()).isEqualTo(1);
        assertThat(relay.relay()
                        .administration()
                        .accountStatus(accounts.get(0).id())
                        .limitedUntil())
                .containsOnlyKeys("opus");
    }

    @Test
    void whenAllRestTheClientIsToldWhenTheFirstIsBack() throws Exception {
        start(1);
        upstreams.get(0).enqueue(Script.rateLimited(Duration.ofSeconds(30)));
        assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(429);
        now.set(NOON.plusSeconds(10));
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(answer.head().status()).isEqualTo(503);
        assertThat(answer.head().header("retry-after")).isEqualTo("20");
        assertThat(relay.listener().await(2).outcome()).isEqualTo(Outcome.ACCOUNTS_BUSY);
        assertThat(upstreams.get(0).requestCount()).isEqualTo(1);
        now.set(NOON.plusSeconds(31));
        answered();
    }

    @Test
    void aThrottleWithoutATimeBenchesNobody() throws Exception {
        start(1);
        upstreams.get(0).always(Script.rateLimited(null));
        assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(429);
        upstreams.get(0).always(Script.answer());
        answered();
    }

    @Test
    void anOverloadNeverEmptiesTheHouse() throws Exception {
        start(3);
        upstreams.forEach(upstream -> upstream.always(Script.error(529)));
        assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(529);
        upstreams.forEach(upstream -> upstream.always(Script.answer()));
        answered();
    }

    @Test
    void anAccountThatReturnsIsBackWhenItsAnswerBegins() throws Exception {
        start(1);
        upstreams.get(0).enqueue(Script.error(500));
        assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(500);
        assertThat(state()).isEqualTo("cooling");
        now.set(NOON.plusSeconds(3));
        upstreams.get(0).enqueue(Script.answer().events(3).trickle(Duration.ofMillis(500)));
        try (RawClient probing = relay.client()) {
            probing.post("/v1/messages", relay.key(), StandaloneRelay.stream());
            assertThat(probing.readHead().status()).isEqualTo(200);
            probing.readUntil("message_start");
            assertThat(state()).isEqualTo("in");
            probing.readUntil("message_stop");
        }
    }

    private String state() {
        return relay.relay()
                .administration()
                .accountStatus(accounts.get(0).id())
                .state();
    }

    @Test
    void aRefusedCredentialStaysOutUntilAnOperatorChangesTheAccount() throws Exception {
        start(2);
        upstreams.get(0).always(Script.error(401));
        for (int request = 0; request < 4; request++) {
            answered();
        }
        assertThat(upstreams.get(0).requestCount()).isEqualTo(1);
        upstreams.get(0).always(Script.answer());
        relay.relay()
                .administration()
                .changeAccount(
                        accounts.get(0).id(), new AccountChange(null, null, Secret.of("sk-another"), null, null, null));
        answered();
        answered();
        assertThat(upstreams.get(0).requestCount()).isEqualTo(2);
    }

    @Test
    void noMoreRunOnAnAccountThanMay() throws Exception {
        start(1);
        relay.relay()
                .administration()
                .changeAccount(accounts.get(0).id(), AccountChange.ofRouting(routing -> routing.withConcurrency(1)));
        upstreams.get(0).enqueue(Script.answer().events(3).trickle(Duration.ofMillis(100)));
        try (RawClient first = relay.client()) {
            first.post("/v1/messages", relay.key(), StandaloneRelay.stream());
            assertThat(first.readHead().status()).isEqualTo(200);
            RawClient.Answer second = relay.post(StandaloneRelay.message());
            assertThat(second.head().status()).isEqualTo(503);
            assertThat(second.head().header("retry-after")).isEqualTo("1");
            first.readUntil("message_stop");
        }
        relay.listener().await(2);
        answered();
    }

    @Test
    void aHeaderTimeOutFailsOverOnce() throws Exception {
        relay = StandaloneRelay.start(Map.of(ConfigKey.HEADER_TIMEOUT, "300"), now::get);
        for (int number = 0; number < 3; number++) {
            upstreams.add(SimulatedClaude.start().always(Script.answer().delay(Duration.ofSeconds(20))));
            accounts.add(relay.account(upstreams.get(number).uri()));
        }
        assertThat(relay.post(StandaloneRelay.stream()).head().status()).isEqualTo(504);
        assertThat(relay.listener().await(1).attempts()).hasSize(2);
    }

    @Test
    void theWindowsThatAnUpstreamTellsAreShown() throws Exception {
        start(1);
        upstreams
                .get(0)
                .enqueue(Script.answer()
                        .withHeader("anthropic-ratelimit-unified-5h-status", "allowed_warning")
                        .withHeader("anthropic-ratelimit-unified-5h-utilization", "0.93")
                        .withHeader("anthropic-ratelimit-unified-5h-reset", "1795446000"));
        answered();
        relay.listener().await(1);
        AccountStatus.UsageWindow window = relay.relay()
                .administration()
                .accountStatus(accounts.get(0).id())
                .fiveHour();
        assertThat(window)
                .isEqualTo(
                        new AccountStatus.UsageWindow("allowed_warning", 0.93, Instant.ofEpochSecond(1_795_446_000L)));
    }

    @Test
    void aBoundKeyNeverLeavesUnlessItMay() throws Exception {
        start(2);
        String bound = accounts.get(1).id();
        relay.relay()
                .administration()
                .changeKey(relay.keyId(), KeyChange.ofRouting(routing -> routing.toAccount(bound)));
        upstreams.get(1).enqueue(Script.rateLimited(Duration.ofSeconds(30)));
        assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(429);
        assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(503);
        assertThat(upstreams.get(0).requestCount()).isZero();
        relay.relay()
                .administration()
                .changeKey(relay.keyId(), KeyChange.ofRouting(routing -> routing.withMayLeave(true)));
        answered();
        assertThat(upstreams.get(0).requestCount()).isEqualTo(1);
    }

    @Test
    void aMappedModelChangesItsNameAndNothingElse() throws Exception {
        start(1);
        relay.relay()
                .administration()
                .changeAccount(
                        accounts.get(0).id(),
                        AccountChange.ofRouting(routing ->
                                routing.withModels(Set.of(), Map.of("claude-sonnet-5-5", "vendor/\"sonnet\""))));
        relay.post(StandaloneRelay.message());
        String sent = new String(StandaloneRelay.message(), StandardCharsets.UTF_8);
        assertThat(new String(upstreams.get(0).received().get(0).body(), StandardCharsets.UTF_8))
                .isEqualTo(sent.replace("\"claude-sonnet-5-5\"", "\"vendor/\\\"sonnet\\\"\""));
    }

    private void answered() throws IOException {
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(answer.head().status()).as(answer.text()).isEqualTo(200);
    }
}
