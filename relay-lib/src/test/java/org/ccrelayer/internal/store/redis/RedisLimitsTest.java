package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.apikey.ServiceRates;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.limit.BudgetPeriod;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Decision;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.OnRedis;
import org.ccrelayer.testkit.RedisPeer;
import org.ccrelayer.testkit.Samples;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageTotals;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What limits and ledger do in Redis beyond their contracts. */
class RedisLimitsTest extends OnRedis {
    private static final Duration TTL = Duration.ofMinutes(5);
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    @BeforeEach
    void clear() {
        peer.clear();
    }

    private static Claim claim(String exchangeId, KeyLimits limits, long worst) {
        return new Claim(new Lease("k", exchangeId), limits, ZoneOffset.UTC, "opus", worst, TTL);
    }

    private static KeyLimits strict(long daily, long total, Budgets.Weekly weekly) {
        return KeyLimits.NONE.withBudgets(new Budgets(BudgetMode.STRICT, daily, total, weekly, null));
    }

    @Test
    void days_and_weeks_are_those_of_the_relay_in_every_zone() {
        Random random = new Random(7);
        MovedClock clock = new MovedClock(START);
        try (RedisRelay relay = RedisRelay.at(peer, clock)) {
            for (int round = 0; round < 500; round++) {
                clock.moveTo(
                        Instant.ofEpochSecond(random.nextLong(4_000_000_000L), 1_000L * random.nextInt(1_000_000)));
                ZoneOffset zone = ZoneOffset.ofHours(random.nextInt(-12, 15));
                Budgets.Weekly weekly = new Budgets.Weekly(1, "all", 1 + random.nextInt(7), random.nextInt(24));
                assertThat(freesAt(relay, clock, strict(1, 0, Budgets.Weekly.NONE), zone))
                        .isEqualTo(BudgetPeriod.day(clock.instant(), zone).end());
                assertThat(freesAt(relay, clock, strict(0, 0, weekly), zone))
                        .isEqualTo(
                                BudgetPeriod.week(clock.instant(), zone, weekly).end());
            }
        }
    }

    private static Instant freesAt(RedisRelay relay, InstantSource clock, KeyLimits limits, ZoneOffset zone) {
        Claim tooMuch = new Claim(new Lease("k", "x"), limits, zone, "opus", 2, TTL);
        Decision.Refused refused = (Decision.Refused) relay.limits().claim(tooMuch);
        return clock.instant().plus(refused.refusal().freesIn());
    }

    @Test
    void sums_are_exact_beyond_what_lua_adds() {
        long most = 1L << 53;
        try (RedisRelay relay = RedisRelay.at(peer, InstantSource.fixed(START))) {
            for (int number = 1; number <= 4; number++) {
                Samples.book(relay.usage(), row("x" + number, most - number));
            }
            assertThat(relay.usage().totals().costNanoUsd()).isEqualTo(4 * most - 10);
            assertThat(relay.usage().totalsOfKey("k").costNanoUsd()).isEqualTo(4 * most - 10);
        }
    }

    @Test
    void a_row_or_a_sum_without_a_word_on_rates_counts_at_its_price() {
        try (RedisRelay relay = RedisRelay.at(peer, InstantSource.fixed(START))) {
            UsageRecord plain = row("x", 70);
            Samples.book(relay.usage(), plain);
            assertThat(peer.ask("HGET", "relay:rows:x", "x-1")).doesNotContain("\"C\"", "\"p\"");
            assertThat(peer.ask("HGET", "relay:usage:key:k", "beyond")).isEmpty();
            assertThat(relay.usage().find("x-1")).contains(plain);
            assertThat(relay.usage().totalsOfKey("k").countedNanoUsd()).isEqualTo(70);
            Samples.book(relay.usage(), Samples.row("y-1", "y", "k", 1));
            assertThat(relay.usage().totalsOfKey("k"))
                    .isEqualTo(UsageTotals.NONE.plus(plain).plus(Samples.row("y-1", "y", "k", 1)));
        }
    }

    @Test
    void the_rates_of_everybody_are_the_predecessors() {
        try (RedisRelay relay = RedisRelay.at(peer, InstantSource.fixed(START))) {
            assertThat(relay.serviceRates()).isEqualTo(ServiceRates.NONE);
            peer.ask(
                    "SET",
                    "system:service_rates",
                    "{\"baseService\":\"claude\",\"rates\":{\"claude\":1.5,\"codex\":1}}");
            assertThat(relay.serviceRates().factor("claude")).isEqualByComparingTo("1.5");
            peer.ask("SET", "system:service_rates", "no JSON");
            assertThat(relay.serviceRates()).isEqualTo(ServiceRates.NONE);
            peer.ask("SET", "system:service_rates", "{\"rates\":{\"claude\":1e999999999}}");
            assertThat(relay.serviceRates()).isEqualTo(ServiceRates.NONE);
        }
    }

    private static UsageRecord row(String exchangeId, long nanoUsd) {
        return new UsageRecord(
                exchangeId + "-1",
                exchangeId,
                "k",
                "a",
                "m",
                "opus",
                UsageRecord.State.FINAL,
                new Tokens(1, 2, 3, 4, 5),
                0,
                nanoUsd,
                0,
                false,
                START,
                START,
                START);
    }

    @Test
    void a_change_of_zone_or_scope_is_right_at_once() {
        MovedClock clock = new MovedClock(START);
        try (RedisRelay relay = RedisRelay.at(peer, clock)) {
            for (int hour = 0; hour < 48; hour++) {
                UsageRecord row = row("x" + hour, 1);
                Instant at = START.minus(Duration.ofHours(hour));
                Samples.book(
                        relay.usage(),
                        new UsageRecord(
                                row.id(),
                                row.exchangeId(),
                                "k",
                                "a",
                                "m",
                                hour % 2 == 0 ? "opus" : "sonnet",
                                row.state(),
                                row.tokens(),
                                0,
                                1,
                                0,
                                false,
                                at,
                                at,
                                at));
            }
            for (int round = 0; round < 2; round++) {
                for (int offset = -12; offset <= 14; offset++) {
                    ZoneOffset zone = ZoneOffset.ofHours(offset);
                    for (String scope : new String[] {"all", "opus", "haiku"}) {
                        KeyLimits limits = strict(1_000, 0, new Budgets.Weekly(1_000, scope, 7, 3));
                        relay.limits().claim(new Claim(new Lease("k", "c"), limits, zone, "opus", 0, TTL));
                        var use = relay.limits().use("k", limits, zone);
                        assertThat(use.dailyNanoUsd())
                                .isEqualTo(
                                        hoursSince(BudgetPeriod.day(START, zone).start(), "all"));
                        assertThat(use.weeklyNanoUsd())
                                .isEqualTo(hoursSince(
                                        BudgetPeriod.week(
                                                        START,
                                                        zone,
                                                        limits.budgets().weekly())
                                                .start(),
                                        scope));
                    }
                }
            }
        }
    }

    private static long hoursSince(Instant start, String scope) {
        long count = 0;
        for (int hour = 0; hour < 48; hour++) {
            boolean in = !START.minus(Duration.ofHours(hour)).isBefore(start);
            count += in && Budgets.Weekly.counts(scope, hour % 2 == 0 ? "opus" : "sonnet") ? 1 : 0;
        }
        return count;
    }

    @Test
    void what_is_claimed_in_vain_is_given_back_when_the_server_goes_on() {
        KeyLimits limits =
                strict(0, 100, Budgets.Weekly.NONE).withConcurrency(1).withRate(new RateLimit(10, 1, 0, 0));
        try (RedisRelay relay = RedisRelay.of(peer, LinkTerms.USUAL, InstantSource.system())) {
            relay.limits().use("k", limits, ZoneOffset.UTC);
            peer.freeze();
            assertThatThrownBy(() -> relay.limits().claim(claim("x1", limits, 60)))
                    .isInstanceOf(RelayException.class);
            peer.thaw();
            Wait.until("there is room again", () -> {
                try {
                    return relay.limits().claim(claim("x2", limits, 60)) instanceof Decision.Granted;
                } catch (RelayException e) {
                    return false;
                }
            });
        }
    }

    @Test
    void what_was_renewed_while_it_was_being_reaped_stays() {
        MovedClock clock = new MovedClock(START);
        try (RedisRelay relay = RedisRelay.at(peer, clock)) {
            RedisUsage usage = new RedisUsage(relay.link(), RedisTime.of(clock), ZoneOffset.UTC);
            Claim claim = claim("x", strict(0, 100, Budgets.Weekly.NONE), 9);
            relay.limits().claim(claim);
            UsageRecord row = row("x", 5).in(UsageRecord.State.RESERVED);
            usage.open(row);
            clock.move(TTL.multipliedBy(2));
            relay.limits().renew(claim.lease(), TTL, 0);
            assertThat(usage.settleLost("x", clock.instant())).isFalse();
            assertThat(usage.find(row.id())).contains(row);
            clock.move(TTL.multipliedBy(2));
            assertThat(usage.settleLost("x", clock.instant())).isTrue();
            assertThat(relay.limits().reap()).isEqualTo(1);
            assertThat(relay.limits().reap()).isZero();
        }
    }

    @Test
    void nobody_waits_for_what_is_only_told() {
        KeyLimits limits = KeyLimits.NONE.withConcurrency(1);
        try (RedisRelay relay = RedisRelay.of(peer, RedisRelay.PATIENT, InstantSource.system())) {
            Claim claim = claim("x", limits, 0);
            relay.limits().claim(claim);
            UsageRecord row = row("x", 5).in(UsageRecord.State.RESERVED);
            relay.usage().open(row);
            peer.freeze();
            Instant before = Instant.now();
            relay.usage().streaming(row.id());
            relay.limits().release(claim.lease(), false);
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(2));
            peer.thaw();
            assertThat(relay.usage().find(row.id())).contains(row.in(UsageRecord.State.STREAMING));
            assertThat(relay.limits().use("k", limits, ZoneOffset.UTC).leases()).isZero();
        }
    }

    @Test
    void an_exchange_takes_two_answers_before_the_upstream_and_one_after() {
        KeyLimits limits = strict(1_000, 1_000, new Budgets.Weekly(1_000, "all", 1, 0))
                .withConcurrency(5)
                .withRate(new RateLimit(10, 1_000, 1_000_000, 1_000_000));
        try (RedisRelay relay = RedisRelay.of(peer, RedisRelay.PATIENT, InstantSource.system())) {
            exchange(relay, "warm", limits);
            peer.countAnew();
            Claim claim = claim("x", limits, 9);
            relay.limits().claim(claim);
            UsageRecord row = row("x", 5);
            relay.usage().open(row.in(UsageRecord.State.RESERVED));
            assertThat(asked()).as("before the upstream").isEqualTo(2);
            relay.usage().streaming(row.id());
            Wait.until("that it streams arrived", () -> asked() == 3);
            relay.usage().settle(row);
            assertThat(asked()).as("after it, waited for").isEqualTo(4);
            relay.limits().release(claim.lease(), false);
            Wait.until("the release arrived", () -> asked() == 5);
        }
    }

    private static void exchange(RedisRelay relay, String id, KeyLimits limits) {
        Claim claim = claim(id, limits, 9);
        relay.limits().claim(claim);
        relay.usage().open(row(id, 5).in(UsageRecord.State.RESERVED));
        relay.usage().streaming(id + "-1");
        relay.usage().settle(row(id, 5));
        relay.limits().release(claim.lease(), false);
        relay.usage().flush();
    }

    /** How many scripts and commands of relays the server was sent, beside those of the test. */
    private static long asked() {
        Map<String, Long> calls = peer.calls();
        return calls.getOrDefault("evalsha", 0L) + calls.getOrDefault("eval", 0L) + calls.getOrDefault("ping", 0L);
    }

    @Test
    void what_was_booked_survives_a_restart_of_a_server_that_writes_it_down() throws IOException {
        try (RedisPeer lasting = RedisPeer.start("--appendonly", "yes", "--appendfsync", "always");
                RedisRelay relay = RedisRelay.of(lasting, RedisRelay.PATIENT, InstantSource.system())) {
            KeyLimits limits = strict(0, 20, Budgets.Weekly.NONE).withConcurrency(2);
            relay.limits().claim(claim("x1", limits, 9));
            relay.usage().open(row("x1", 5).in(UsageRecord.State.RESERVED));
            relay.limits().claim(claim("x2", limits, 9));
            relay.usage().open(row("x2", 5).in(UsageRecord.State.RESERVED));
            relay.usage().settle(row("x1", 5));
            lasting.kill();
            lasting.restart();
            Wait.until("it is used again", () -> {
                try {
                    return relay.usage().totals().costNanoUsd() == 5;
                } catch (RelayException e) {
                    return false;
                }
            });
            assertThat(relay.limits().claim(claim("x3", limits, 1))).isInstanceOf(Decision.Refused.class);
            assertThat(relay.limits().use("k", limits, ZoneOffset.UTC).reservedNanoUsd())
                    .isEqualTo(13);
            assertThat(relay.usage().settle(row("x2", 5))).isTrue();
            assertThat(relay.usage().settle(row("x1", 5))).isFalse();
        }
    }
}
