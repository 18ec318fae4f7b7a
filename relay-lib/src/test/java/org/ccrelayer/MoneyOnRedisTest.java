package org.ccrelayer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.admin.KeyChange;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.http.InMemoryRequest;
import org.ccrelayer.http.InMemoryResponse;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.Canaries;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.RecordingListener;
import org.ccrelayer.testkit.RedisPeer;
import org.ccrelayer.testkit.RelayFixture;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageTotals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rates and quotas that the predecessor keeps in Redis, from a request to its row. */
class MoneyOnRedisTest {
    /** 1,000 tokens of input and 200 of output at 2 and 10 dollars per million. */
    private static final long COST = 4_000_000L;

    private static final String BODY =
            "{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private RedisPeer peer;
    private SimulatedClaude upstream;

    @BeforeEach
    void start() throws IOException {
        peer = RedisPeer.start();
        upstream = SimulatedClaude.start();
    }

    @AfterEach
    void stop() throws IOException {
        upstream.close();
        peer.close();
    }

    private Relay relay(RecordingListener listener) {
        return Relay.builder(RelayFixture.config(Map.of(ConfigKey.REDIS_ADDR, peer.address())))
                .listener(listener)
                .start();
    }

    private Account account(Relay relay) {
        return relay.administration()
                .createAccount(NewAccount.apiKey(
                        "account", upstream.uri().toString(), Secret.of(Canary.UPSTREAM_KEY.text(1))));
    }

    private static IssuedKey key(Relay relay) {
        IssuedKey key = relay.administration().createKey(NewKey.named("key"));
        Canaries.remember(key.secret().reveal());
        return key;
    }

    private int ask(Relay relay, IssuedKey key) throws Exception {
        upstream.enqueue(Script.text("ok").withUsage(1_000, 200, 0, 0, 0));
        InMemoryRequest request = InMemoryRequest.post("/v1/messages")
                .header("x-api-key", key.secret().reveal())
                .header("anthropic-version", "2023-06-01")
                .body(BODY.getBytes(StandardCharsets.UTF_8))
                .build();
        InMemoryResponse response = InMemoryResponse.to(request);
        relay.handle(request, response);
        int status = response.head().get(20, TimeUnit.SECONDS).status();
        response.whole(1_000_000).get(20, TimeUnit.SECONDS);
        return status;
    }

    @Test
    void limits_count_what_both_rates_make_of_a_price() throws Exception {
        peer.ask("SET", "system:service_rates", "{\"rates\":{\"claude\":1.5}}");
        RecordingListener listener = new RecordingListener();
        try (Relay relay = relay(listener)) {
            account(relay);
            IssuedKey key = key(relay);
            peer.ask("HSET", "apikey:" + key.key().id(), "serviceRates", "{\"claude\":0.8}");
            Budgets budgets = new Budgets(BudgetMode.STANDARD, COST + 700_000, 0, Budgets.Weekly.NONE, null);
            relay.administration()
                    .changeKey(key.key().id(), KeyChange.ofLimits(old -> KeyLimits.NONE.withBudgets(budgets)));
            assertThat(ask(relay, key)).isEqualTo(200);
            UsageRecord row = listener.await(1).attempts().get(0).row();
            assertThat(List.of(row.costNanoUsd(), row.countedNanoUsd())).isEqualTo(List.of(COST, 4_800_000L));
            UsageTotals totals = relay.administration().usageOfKey(key.key().id());
            assertThat(List.of(totals.costNanoUsd(), totals.countedNanoUsd())).isEqualTo(List.of(COST, 4_800_000L));
            assertThat(ask(relay, key)).as("4.8 of 4.7 are spent").isEqualTo(429);
            listener.await(2);
        }
    }

    @Test
    void relays_that_share_a_redis_share_an_accounts_daily_quota() throws Exception {
        RecordingListener listener = new RecordingListener();
        try (Relay one = relay(listener);
                Relay another = relay(listener)) {
            Account account = account(one);
            IssuedKey key = key(one);
            String later = DateTimeFormatter.ofPattern("HH:mm")
                    .format(Instant.now().plus(Duration.ofHours(12)).atOffset(ZoneOffset.UTC));
            String record = "claude_console_account:" + account.id();
            peer.ask("HSET", record, "dailyQuota", "0.004", "quotaResetTime", later);
            assertThat(ask(one, key)).isEqualTo(200);
            listener.await(1);
            Wait.until("the other relay knows", () -> rests(another, account));
            assertThat(ask(another, key)).isEqualTo(503);
            assertThat(ask(one, key)).isEqualTo(503);
            listener.await(3);
            try (Relay fresh = relay(listener)) {
                assertThat(rests(fresh, account))
                        .as("a relay that has just started")
                        .isTrue();
            }
        }
    }

    private static boolean rests(Relay relay, Account account) {
        return relay.administration().accountStatus(account.id()).state().equals("resting");
    }
}
