package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountStatus;
import org.ccrelayer.account.AccountTerms;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyRouting;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An account that may cost so much in a day. */
class DailyQuotaTest {
    /** Half past one in the morning, three hours to the east. */
    private static final Instant NIGHT = Instant.parse("2026-11-22T22:30:00Z");

    /** 1,000 tokens of input and 200 of output at 2 and 10 dollars per million. */
    private static final long COST = 4_000_000L;

    private final AtomicReference<Instant> now = new AtomicReference<>(NIGHT);
    private SimulatedClaude upstream;
    private StandaloneRelay relay;

    @BeforeEach
    void start() throws IOException {
        upstream = SimulatedClaude.start();
        relay = StandaloneRelay.start(Map.of(ConfigKey.TIMEZONE_OFFSET, "3"), now::get);
    }

    @AfterEach
    void stop() {
        relay.close();
        upstream.close();
    }

    private Account limited(long quota) {
        Account account = relay.account(upstream.uri());
        AccountTerms terms = new AccountTerms(quota, LocalTime.of(2, 0), null, false, null);
        relay.store()
                .accounts()
                .update(
                        account.id(),
                        old -> new Account(
                                old.id(),
                                old.name(),
                                old.credential(),
                                old.baseUrl(),
                                1,
                                old.schedulable(),
                                old.models(),
                                old.createdAt(),
                                old.routing(),
                                old.proxy(),
                                old.tls(),
                                terms));
        return account;
    }

    private RawClient.Answer ask() throws IOException {
        int before = relay.listener().summaries().size();
        upstream.enqueue(Script.text("ok").withUsage(1_000, 200, 0, 0, 0));
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        relay.listener().await(before + 1);
        return answer;
    }

    private void assertServed() throws IOException {
        RawClient.Answer answer = ask();
        assertThat(answer.head().status()).as(answer.text()).isEqualTo(200);
    }

    private void assertRests(RawClient.Answer answer) {
        assertThat(answer.head().status()).as(answer.text()).isEqualTo(503);
        assertThat(answer.head().header("retry-after")).isEqualTo("1800");
        assertThat(answer.text()).contains("The first is back at 2026-11-22T23:00:00Z");
    }

    @Test
    void it_is_left_out_until_its_day_begins_anew() throws Exception {
        Account account = limited(2 * COST);
        assertServed();
        assertServed();
        assertRests(ask());
        AccountStatus status = relay.relay().administration().accountStatus(account.id());
        assertThat(status.state()).isEqualTo("resting");
        assertThat(status.reason()).isEqualTo("daily quota used up");
        assertThat(status.until()).isEqualTo("2026-11-22T23:00:00Z");
        now.set(NIGHT.plus(Duration.ofMinutes(30)));
        assertServed();
        assertThat(relay.relay().administration().accountStatus(account.id()).quota())
                .isEqualTo(new AccountStatus.Quota(2 * COST, COST, Instant.parse("2026-11-23T23:00:00Z")));
    }

    @Test
    void another_account_serves_meanwhile() throws Exception {
        Account account = limited(COST);
        relay.account(upstream.uri());
        for (int request = 0; request < 4; request++) {
            assertServed();
        }
        assertThat(relay.listener().summaries())
                .filteredOn(
                        summary -> summary.attempts().get(0).row().accountId().equals(account.id()))
                .hasSize(1);
    }

    @Test
    void a_key_that_is_bound_to_it_waits_as_well() throws Exception {
        Account account = limited(COST);
        relay.account(upstream.uri());
        relay.store()
                .apiKeys()
                .update(
                        relay.keyId(),
                        old -> new ApiKey(
                                old.id(),
                                old.name(),
                                old.hash(),
                                old.enabled(),
                                old.limits(),
                                old.createdAt(),
                                old.expiresAt(),
                                old.activation(),
                                KeyRouting.ANY.toAccount(account.id())));
        assertServed();
        assertRests(ask());
    }
}
