package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.OnRedis;
import org.ccrelayer.testkit.PredecessorDump;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsagePeriod;
import org.ccrelayer.usage.UsageRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The names of the predecessor's hours, days, weeks and months, as scripts make them. */
@Timeout(120)
class PredecessorPeriodsTest extends OnRedis {
    private static final Duration TTL = Duration.ofMinutes(5);

    private final MovedClock clock = new MovedClock(Instant.parse("2026-11-22T10:00:00Z"));

    @BeforeEach
    void clear() {
        peer.clear();
    }

    private void settle(RedisRelay relay, String exchange, Tokens tokens, long nanoUsd) {
        Instant at = clock.instant();
        UsageRecord row = new UsageRecord(
                exchange + "-1",
                exchange,
                "k",
                "a",
                "claude-opus-4-6",
                "opus",
                UsageRecord.State.FINAL,
                tokens,
                0,
                nanoUsd,
                0,
                false,
                at,
                at,
                at);
        relay.usage().open(row.in(UsageRecord.State.RESERVED));
        relay.usage().settle(row);
    }

    @Test
    void the_predecessors_periods_are_the_relays() {
        JsonObject vectors = PredecessorDump.vectors().object("periods").orElseThrow();
        ZoneOffset zone = ZoneOffset.ofHours(
                vectors.integer("timezoneOffset").orElseThrow().intValue());
        List<JsonObject> cases = vectors.objects("cases");
        assertThat(cases).hasSize(32);
        try (RedisRelay relay = RedisRelay.at(peer, clock, zone)) {
            for (JsonObject each : cases) {
                peer.clear();
                clock.moveTo(Instant.parse(each.string("utc").orElseThrow()));
                int day = each.integer("resetDay").orElseThrow().intValue();
                int hour = each.integer("resetHour").orElseThrow().intValue();
                String date = each.string("date").orElseThrow();
                peer.ask("HSET", "apikey:k", "id", "k", "weeklyResetDay", "" + day, "weeklyResetHour", "" + hour);
                settle(relay, "x", Tokens.NONE, 5);
                assertThat(peer.ask(
                                "GET",
                                "usage:opus:weekly:k:" + each.string("period").orElseThrow()))
                        .as(each.toString())
                        .isEqualTo("0.000000005");
                assertThat(peer.ask("GET", "usage:cost:daily:k:" + date)).isEqualTo("0.000000005");
                assertThat(peer.ask("KEYS", "usage:cost:hourly:k:*"))
                        .isEqualTo("usage:cost:hourly:k:%s:%02d"
                                .formatted(date, each.integer("hour").orElseThrow()));
                assertThat(peer.ask("KEYS", "usage:opus:weekly:*").split("\n")).hasSize(1);
                peer.ask(
                        "INCRBYFLOAT",
                        "usage:opus:weekly:k:" + each.string("period").orElseThrow(),
                        "1");
                KeyLimits limits = weekly(10, day, hour);
                assertThat(relay.limits().use("k", limits, zone).weeklyNanoUsd())
                        .isEqualTo(1_000_000_005L);
            }
        }
    }

    private static KeyLimits weekly(long nanoUsd, int day, int hour) {
        Budgets.Weekly weekly = new Budgets.Weekly(nanoUsd, "all", day, hour);
        return KeyLimits.NONE.withBudgets(new Budgets(BudgetMode.STANDARD, 0, 0, weekly, null));
    }

    @Test
    void days_hours_and_months_are_named_as_in_every_zone_and_year() {
        Random random = new Random(11);
        for (int offset = -12; offset <= 14; offset++) {
            ZoneOffset zone = ZoneOffset.ofHours(offset);
            try (RedisRelay relay = RedisRelay.at(peer, clock, zone)) {
                for (int round = 0; round < 12; round++) {
                    peer.clear();
                    clock.moveTo(border(random, zone));
                    settle(relay, "x" + round, new Tokens(1, 0, 0, 0, 0), 1);
                    Instant at = clock.instant();
                    assertThat(peer.ask("KEYS", "usage:hourly:k:*"))
                            .isEqualTo("usage:hourly:k:" + UsagePeriod.HOUR.name(at, zone));
                    assertThat(peer.ask("KEYS", "usage:daily:k:*"))
                            .isEqualTo("usage:daily:k:" + UsagePeriod.DAY.name(at, zone));
                    assertThat(peer.ask("KEYS", "usage:monthly:k:*"))
                            .isEqualTo("usage:monthly:k:" + UsagePeriod.MONTH.name(at, zone));
                }
            }
        }
    }

    /** A moment that is often just before or at a new day, leap days and new years among them. */
    private static Instant border(Random random, ZoneOffset zone) {
        Instant any = Instant.ofEpochSecond(random.nextLong(4_000_000_000L));
        Instant day = any.atOffset(zone).toLocalDate().atStartOfDay().toInstant(zone);
        return switch (random.nextInt(4)) {
            case 0 -> day;
            case 1 -> day.minusNanos(1_000);
            case 2 ->
                Instant.parse((1972 + 4 * random.nextInt(30)) + "-02-29T00:00:00Z")
                        .minusSeconds(zone.getTotalSeconds());
            default -> any;
        };
    }

    @Test
    void what_is_left_of_the_tightest_budget_is_told() {
        try (RedisRelay relay = RedisRelay.at(peer, clock, ZoneOffset.UTC)) {
            assertThat(left(relay, KeyLimits.NONE, 7)).isEqualTo(-1);
            peer.ask("SET", "usage:cost:total:k", "0.000000030");
            Budgets budgets = new Budgets(BudgetMode.STRICT, 90, 100, new Budgets.Weekly(500, "all", 1, 0), null);
            KeyLimits limits = KeyLimits.NONE.withBudgets(budgets);
            assertThat(left(relay, limits, 20)).isEqualTo(50);
            assertThat(left(relay, limits, 20)).isEqualTo(30);
            settle(relay, "other", Tokens.NONE, 35);
            assertThat(left(relay, limits, 0)).isZero();
            assertThat(left(relay, weekly(500, 1, 0), 0)).isEqualTo(425);
        }
    }

    private int claims;

    private long left(RedisRelay relay, KeyLimits limits, long worst) {
        Claim claim = new Claim(new Lease("k", "c" + claims++), limits, ZoneOffset.UTC, "opus", worst, TTL);
        List<Object> answer = relay.link()
                .run(
                        Script.ofLimits("claim"),
                        RedisKeys.limits("k", claim.lease().exchangeId()),
                        LimitArguments.ofClaim(claim, RedisTime.of(clock).argument(), ZoneOffset.UTC));
        assertThat(answer).hasSize(8);
        return Long.parseLong((String) answer.get(7));
    }

    @Test
    void models_are_named_as_the_predecessor_names_them() {
        Map.of(
                        "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5-20250929",
                        "anthropic.claude-3-haiku-20240307-v1:0", "claude-3-haiku-20240307",
                        "claude-sonnet-4-5-20250929[1m]", "claude-sonnet-4-5-20250929[1m]",
                        "vendor-sonnet:latest", "vendor-sonnet",
                        "claude-opus-4-6", "claude-opus-4-6",
                        "", "unknown")
                .forEach((name, key) -> assertThat(PredecessorUsage.model(name)).isEqualTo(key));
    }

    @Test
    void an_exchange_takes_a_bounded_number_of_commands_and_bytes() {
        Budgets budgets = new Budgets(BudgetMode.STANDARD, 900, 900, new Budgets.Weekly(900, "all", 1, 0), null);
        KeyLimits limits = KeyLimits.NONE.withConcurrency(5).withBudgets(budgets);
        try (RedisRelay relay = RedisRelay.at(peer, clock, ZoneOffset.UTC)) {
            peer.ask("HSET", "apikey:k", "id", "k");
            peer.ask("HSET", "claude_console_account:a", "id", "a");
            settle(relay, "warm", new Tokens(1, 2, 3, 4, 5), 7);
            left(relay, limits, 0);
            peer.countAnew();
            settle(relay, "x", new Tokens(1, 2, 3, 4, 5), 7);
            assertThat(commands()).isLessThan(300);
            assertThat(bytes()).isLessThan(6_000);
            peer.countAnew();
            left(relay, limits, 0);
            assertThat(commands()).isLessThan(40);
        }
    }

    private static long bytes() {
        String line = peer.ask("INFO", "stats")
                .lines()
                .filter(each -> each.startsWith("total_net_input_bytes"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.substring(line.indexOf(':') + 1).strip());
    }

    private static long commands() {
        return peer.calls().values().stream().mapToLong(Long::longValue).sum();
    }
}
