package org.ccrelayer.internal.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Set;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.account.AccountStatus;
import org.ccrelayer.account.AccountTerms;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.internal.store.embedded.EmbeddedStore;
import org.ccrelayer.internal.store.embedded.StoreTime;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What accounts with a daily quota have cost, as each of two relays on one store knows it. */
class AccountQuotasTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final ZoneOffset ZONE = ZoneOffset.ofHours(3);
    private static final Instant MIDNIGHT = Instant.parse("2026-11-22T21:00:00Z");

    private final MovedClock clock = new MovedClock(START);
    private final EmbeddedStore store = EmbeddedStore.inMemory(new StoreTime(clock, ZONE));
    private final AccountQuotas quotas = quotas();
    private final AccountQuotas others = quotas();
    private int rows;

    private AccountQuotas quotas() {
        return new AccountQuotas(store.accounts(), store.usage(), clock, ZONE);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Account account(long quota, LocalTime resetAt) {
        Account account = new Account(
                "a",
                "account",
                new ApiKeyCredential(Secret.of("secret")),
                URI.create("https://upstream.test"),
                50,
                true,
                Set.of(),
                Instant.EPOCH,
                AccountRouting.DEFAULT,
                EgressProxy.DIRECT,
                TlsPolicy.DEFAULT,
                new AccountTerms(quota, resetAt, null, false, null));
        store.accounts().delete("a");
        store.accounts().create(account);
        return account;
    }

    /** A row that one relay books; it counts twice its price for its relay key. */
    private void book(AccountQuotas relay, long nanoUsd, Instant admittedAt) {
        UsageRecord row = new UsageRecord(
                "x" + ++rows + "-1",
                "x" + rows,
                "k",
                "a",
                "m",
                "opus",
                UsageRecord.State.FINAL,
                new Tokens(1, 2, 3, 4, 5),
                0,
                nanoUsd,
                2 * nanoUsd,
                0,
                0,
                false,
                admittedAt,
                admittedAt,
                admittedAt);
        Samples.book(store.usage(), row);
        relay.settled(row);
    }

    private void book(AccountQuotas relay, long nanoUsd) {
        book(relay, nanoUsd, clock.instant());
    }

    private long spent(AccountQuotas relay) {
        return relay.of("a").map(AccountStatus.Quota::spentNanoUsd).orElseThrow();
    }

    @Test
    void a_relay_knows_at_once_what_it_booked_itself() {
        Account account = account(100, LocalTime.MIDNIGHT);
        quotas.refresh();
        book(quotas, 60);
        assertThat(quotas.until(account)).isNull();
        book(quotas, 39);
        assertThat(quotas.until(account)).as("99 of 100").isNull();
        book(quotas, 1);
        assertThat(quotas.until(account)).isEqualTo(MIDNIGHT);
        assertThat(quotas.of("a")).contains(new AccountStatus.Quota(100, 100, MIDNIGHT));
    }

    @Test
    void what_others_booked_is_known_with_the_next_look_and_nothing_counts_twice() {
        Account account = account(100, LocalTime.MIDNIGHT);
        quotas.refresh();
        others.refresh();
        book(others, 70);
        book(quotas, 30);
        assertThat(quotas.until(account)).isNull();
        assertThat(spent(quotas)).isEqualTo(30);
        for (int look = 0; look < 3; look++) {
            quotas.refresh();
            assertThat(spent(quotas)).isEqualTo(100);
        }
        assertThat(quotas.until(account)).isEqualTo(MIDNIGHT);
        book(quotas, 5);
        assertThat(spent(quotas)).isEqualTo(105);
        others.refresh();
        assertThat(spent(others)).isEqualTo(105);
    }

    @Test
    void a_relay_that_starts_learns_what_was_spent() {
        Account account = account(100, LocalTime.MIDNIGHT);
        book(others, 100);
        AccountQuotas fresh = quotas();
        fresh.refresh();
        assertThat(fresh.until(account)).isEqualTo(MIDNIGHT);
    }

    @Test
    void an_account_without_a_quota_costs_what_it_costs() {
        Account account = account(0, LocalTime.MIDNIGHT);
        quotas.refresh();
        book(quotas, 1_000_000);
        assertThat(quotas.until(account)).isNull();
        assertThat(quotas.of("a")).isEmpty();
    }

    @Test
    void a_quota_begins_anew_at_its_hour_in_the_relays_zone() {
        Account account = account(10, LocalTime.of(14, 0));
        quotas.refresh();
        assertThat(quotas.of("a").orElseThrow().resetsAt()).isEqualTo("2026-11-22T11:00:00Z");
        book(quotas, 10);
        Instant reset = START.plus(Duration.ofHours(1));
        clock.moveTo(reset.minusMillis(1));
        assertThat(quotas.until(account)).isEqualTo(reset);
        clock.moveTo(reset);
        assertThat(quotas.until(account)).isNull();
        quotas.refresh();
        assertThat(spent(quotas)).isZero();
        book(quotas, 7, reset.minusMillis(1));
        assertThat(spent(quotas)).as("let in the day before").isZero();
        quotas.refresh();
        assertThat(spent(quotas)).isZero();
        book(quotas, 10);
        assertThat(quotas.until(account)).isEqualTo(reset.plus(Duration.ofDays(1)));
    }

    @Test
    void the_day_is_that_of_the_full_hour_at_any_time_in_any_zone() {
        for (int offset = -12; offset <= 14; offset++) {
            ZoneOffset zone = ZoneOffset.ofHours(offset);
            for (int minute = 0; minute < 24 * 60; minute += 17) {
                LocalTime resetAt = LocalTime.ofSecondOfDay(minute * 60L);
                Account account = account(1, resetAt);
                AccountQuotas fresh = new AccountQuotas(store.accounts(), store.usage(), clock, zone);
                for (int hour = 0; hour < 24; hour += 5) {
                    clock.moveTo(START.plus(Duration.ofHours(hour)).plusSeconds(3_599));
                    fresh.until(account);
                    Instant end = fresh.of("a").orElseThrow().resetsAt();
                    assertThat(end).isAfter(clock.instant());
                    assertThat(end).isBeforeOrEqualTo(clock.instant().plus(Duration.ofDays(1)));
                    assertThat(end.atOffset(zone).toLocalTime()).isEqualTo(LocalTime.of(resetAt.getHour(), 0));
                }
            }
        }
    }

    @Test
    void what_an_operator_changes_holds_from_then_on() {
        account(100, LocalTime.MIDNIGHT);
        quotas.refresh();
        book(quotas, 50);
        assertThat(quotas.until(account(50, LocalTime.MIDNIGHT))).isEqualTo(MIDNIGHT);
        assertThat(quotas.until(account(51, LocalTime.MIDNIGHT))).isNull();
        Account none = account(0, LocalTime.MIDNIGHT);
        quotas.refresh();
        assertThat(quotas.until(none)).isNull();
        assertThat(quotas.of("a")).isEmpty();
        Account again = account(50, LocalTime.MIDNIGHT);
        assertThat(quotas.until(again)).as("the ledger was not asked yet").isNull();
        quotas.refresh();
        assertThat(quotas.until(again)).isEqualTo(MIDNIGHT);
    }

    @Test
    void what_is_known_holds_while_the_ledger_does_not_answer() {
        Account account = account(100, LocalTime.MIDNIGHT);
        quotas.refresh();
        book(quotas, 100);
        store.close();
        assertThatThrownBy(quotas::refresh).isInstanceOf(RuntimeException.class);
        assertThat(quotas.until(account)).isEqualTo(MIDNIGHT);
    }

    @Test
    void a_quota_that_is_used_up_keeps_out_until_the_later_moment() {
        Instant now = START;
        AccountStatus.Quota left = new AccountStatus.Quota(100, 99, MIDNIGHT);
        AccountStatus.Quota over = new AccountStatus.Quota(100, 100, MIDNIGHT);
        assertThat(AccountStatus.NEW.withQuota(left).state()).isEqualTo("in");
        assertThat(AccountStatus.NEW.withQuota(over).state()).isEqualTo("resting");
        assertThat(AccountStatus.NEW.withQuota(over).until()).isEqualTo(MIDNIGHT);
        assertThat(cooling(now).withQuota(over).until()).isEqualTo(MIDNIGHT);
        Instant later = MIDNIGHT.plusSeconds(1);
        assertThat(cooling(later).withQuota(over).until()).isEqualTo(later);
        assertThat(cooling(later).withQuota(left)).isEqualTo(with(cooling(later), left));
    }

    private static AccountStatus cooling(Instant until) {
        return with("cooling", until, null);
    }

    private static AccountStatus with(AccountStatus status, AccountStatus.Quota quota) {
        return with(status.state(), status.until(), quota);
    }

    private static AccountStatus with(String state, Instant until, AccountStatus.Quota quota) {
        AccountStatus none = AccountStatus.NEW;
        return new AccountStatus(state, "why", until, none.limitedUntil(), 0, none.fiveHour(), none.sevenDay(), quota);
    }
}
