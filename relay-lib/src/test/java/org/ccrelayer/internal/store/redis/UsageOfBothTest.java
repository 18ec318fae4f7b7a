package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsagePeriod;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.ccrelayer.usage.UsageSubject;
import org.ccrelayer.usage.UsageTotals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What reports say in a Redis that the predecessor's software wrote: everything that both counted, and nothing twice. */
@Timeout(120)
class UsageOfBothTest extends OnTheDump {
    private static final ZoneOffset ZONE = ZoneOffset.ofHours(8);
    private static final String MODEL = "claude-sonnet-4-5-20250929";
    private static final Tokens TOKENS = new Tokens(100, 20, 3, 4, 5_000);
    private static final long PRICE = 4_500_001_400L;
    private static final Map<UsagePeriod, String> LENGTHS =
            Map.of(UsagePeriod.HOUR, "hourly", UsagePeriod.DAY, "daily", UsagePeriod.MONTH, "monthly");
    private static final Map<UsagePeriod, String> NAMES =
            Map.of(UsagePeriod.HOUR, "2026-11-23:01", UsagePeriod.DAY, "2026-11-23", UsagePeriod.MONTH, "2026-11");

    private final RedisUsage usage = new RedisUsage(dump.redis, RedisTime.of(dump.clock), ZONE);
    private int exchanges;

    private UsageRecord settle(String keyId, String account, String model, State state, long counted) {
        Instant at = dump.clock.instant();
        String exchange = "x" + exchanges++;
        Tokens tokens = state == State.UNKNOWN ? Tokens.NONE : TOKENS;
        UsageRecord row = new UsageRecord(
                exchange + "-1",
                exchange,
                keyId,
                account,
                model,
                "sonnet",
                state,
                tokens,
                0,
                PRICE,
                counted,
                0,
                0,
                false,
                at,
                at,
                at);
        usage.open(row.in(State.RESERVED));
        assertThat(usage.settle(row)).isTrue();
        return row;
    }

    private UsageRecord settle(String keyId, String account) {
        return settle(keyId, account, MODEL, State.FINAL, PRICE);
    }

    /** The keys that the predecessor counted anything of. */
    private TreeSet<String> used() {
        TreeSet<String> used = new TreeSet<>(dump.members("usage:daily:index:2026-11-23"));
        assertThat(used).hasSizeGreaterThan(20);
        return used;
    }

    /** The predecessor's fields as they stand, without a cost. */
    private UsageTotals tokens(String hash, String prefix) {
        Map<String, Long> numbers = new HashMap<>();
        dump.hash(hash).forEach((name, value) -> {
            if (!name.startsWith("model:")) {
                numbers.put(name.replaceFirst(prefix, "").toLowerCase(Locale.ROOT), Long.parseLong(value));
            }
        });
        long create = number(numbers, "cachecreatetokens");
        long hours = number(numbers, "ephemeral1htokens");
        Tokens tokens = new Tokens(
                number(numbers, "inputtokens"),
                number(numbers, "outputtokens"),
                create - hours,
                hours,
                number(numbers, "cachereadtokens"));
        return new UsageTotals(number(numbers, "requests"), tokens, 0);
    }

    private static long number(Map<String, Long> numbers, String name) {
        return numbers.getOrDefault(name, 0L);
    }

    private long nano(String counter) {
        return Math.round(dump.rules.amount(counter) * 1e9);
    }

    private static UsageTotals costing(UsageTotals tokens, long cost, long counted) {
        return new UsageTotals(tokens.attempts(), tokens.tokens(), cost, counted);
    }

    private long micros(String hash, String field) {
        return Long.parseLong(dump.hash(hash).getOrDefault(field, "0")) * 1_000;
    }

    private UsageTotals total(String key) {
        return costing(
                tokens("usage:" + key, "total"), nano("usage:cost:real:total:" + key), nano("usage:cost:total:" + key));
    }

    private Map<String, UsageTotals> models(String key) {
        Map<String, UsageTotals> models = new HashMap<>();
        for (String model : dump.members("usage:model:monthly:index:2026-11")) {
            String hash = "usage:" + key + ":model:alltime:" + model;
            if (!dump.hash(hash).isEmpty()) {
                long cost = micros(hash, "realCostMicro");
                models.put(model, costing(tokens(hash, "-"), cost, micros(hash, "ratedCostMicro")));
            }
        }
        return models;
    }

    private void assertIsWhatItsFieldsSay(String key) {
        assertAlike(usage.totalsOfKey(key), total(key), 1);
        UsageTotals sum = UsageTotals.NONE;
        Map<String, UsageTotals> models = usage.modelsOfKey(key);
        Map<String, UsageTotals> fields = models(key);
        assertThat(models.keySet()).isEqualTo(fields.keySet());
        for (Map.Entry<String, UsageTotals> model : fields.entrySet()) {
            assertAlike(models.get(model.getKey()), model.getValue(), 5_000);
            sum = sum.plus(model.getValue());
        }
        for (UsagePeriod period : UsagePeriod.values()) {
            String name = NAMES.get(period);
            String counters = LENGTHS.get(period) + ":" + key + ":" + name;
            UsageTotals expected =
                    costing(tokens("usage:" + counters, "-"), sum.costNanoUsd(), nano("usage:cost:" + counters));
            Map<String, UsageTotals> history = usage.history(UsageSubject.key(key), period);
            assertThat(history).containsOnlyKeys(name);
            assertAlike(history.get(name), expected, 5_000);
        }
    }

    private static void assertAlike(UsageTotals told, UsageTotals expected, long nanoUsd) {
        assertThat(told.attempts()).isEqualTo(expected.attempts());
        assertThat(told.tokens()).isEqualTo(expected.tokens());
        assertThat(told.costNanoUsd()).isCloseTo(expected.costNanoUsd(), within(nanoUsd));
        assertThat(told.countedNanoUsd()).isCloseTo(expected.countedNanoUsd(), within(nanoUsd));
    }

    @Test
    void what_the_predecessor_counted_of_a_key_reads_back_before_and_after_traffic() {
        Map<String, DumpFixture.Print> before = dump.prints();
        int rated = 0;
        for (String key : used()) {
            assertIsWhatItsFieldsSay(key);
            UsageTotals was = usage.totalsOfKey(key);
            rated += was.costNanoUsd() == was.countedNanoUsd() ? 0 : 1;
        }
        assertThat(rated).isPositive();
        assertThat(dump.changedSince(before)).isEmpty();
        for (String key : used()) {
            UsageTotals was = usage.totalsOfKey(key);
            UsageRecord full = settle(key, dump.account("main"), MODEL, State.FINAL, PRICE * 3);
            UsageRecord unknown = settle(key, dump.account("main"), MODEL, State.UNKNOWN, PRICE);
            settle(key, dump.account("main"), MODEL, State.VOID, PRICE);
            assertIsWhatItsFieldsSay(key);
            assertAlike(usage.totalsOfKey(key), was.plus(full).plus(unknown), 1);
        }
    }

    @Test
    void accounts_models_and_everything_have_the_tokens_of_both_and_the_relays_own_cost() {
        Map<UsageSubject, String> subjects = Map.of(
                UsageSubject.account(dump.account("main")),
                "account_usage:%s:" + dump.account("main") + ":",
                UsageSubject.model(MODEL),
                "usage:model:%s:" + MODEL + ":",
                UsageSubject.EVERYTHING,
                "usage:global:%s:");
        for (long cost : List.of(0L, PRICE)) {
            if (cost > 0) {
                settle(dump.keyId("key-basic"), dump.account("main"));
            }
            subjects.forEach((subject, pattern) -> {
                for (UsagePeriod period : UsagePeriod.values()) {
                    String hash = pattern.formatted(LENGTHS.get(period)) + NAMES.get(period);
                    UsageTotals expected = costing(tokens(hash, "-"), cost, cost);
                    if (subject.equals(UsageSubject.EVERYTHING) && period == UsagePeriod.HOUR) {
                        expected = cost == 0 ? null : new UsageTotals(1, TOKENS, PRICE);
                    } else {
                        assertThat(usage.totals(subject)).as(hash).isEqualTo(expected);
                    }
                    assertThat(usage.history(subject, period).get(NAMES.get(period)))
                            .as(hash)
                            .isEqualTo(expected);
                }
            });
        }
        assertThat(usage.totals().attempts()).isEqualTo(43);
    }

    @Test
    void what_the_predecessor_does_not_hold_takes_nothing_off() {
        String key = dump.keyId("key-basic");
        UsageRecord row = settle(key, "of-the-relay", MODEL, State.FINAL, PRICE);
        UsageTotals own = UsageTotals.NONE.plus(row);
        assertThat(usage.totals(UsageSubject.account("of-the-relay"))).isEqualTo(own);
        assertThat(usage.history(UsageSubject.account("of-the-relay"), UsagePeriod.HOUR))
                .containsExactly(Map.entry("2026-11-23:01", own));
        dump.redis.call(to -> to.del("usage:" + key, "usage:cost:total:" + key, "usage:cost:real:total:" + key));
        assertThat(usage.totalsOfKey(key)).isEqualTo(own);
        settle(dump.keyId("key-rate"), dump.account("main"));
        dump.redis.call(to -> to.hset("usage:" + key, Map.of("totalInputTokens", "7", "totalOutputTokens", "-9")));
        assertThat(usage.totalsOfKey(key)).isEqualTo(own);
    }

    @Test
    void counters_of_another_kind_or_form_are_none() {
        String key = dump.keyId("key-basic");
        UsageTotals tokens = tokens("usage:" + key, "total");
        dump.redis.call(to -> to.set("usage:cost:real:total:" + key, "much"));
        dump.redis.call(to -> to.set("usage:cost:total:" + key, "-1"));
        assertThat(usage.totalsOfKey(key)).isEqualTo(tokens);
        dump.redis.call(to -> to.set("usage:" + key, "text"));
        dump.redis.call(to -> to.sadd("usage:cost:daily:of:2026-11-23", "a"));
        dump.redis.call(to -> to.set("usage:model:monthly:index:2026-11", "text"));
        assertThat(usage.totalsOfKey(key)).isEqualTo(UsageTotals.NONE);
        assertThat(usage.modelsOfKey(key)).isEmpty();
        assertThat(usage.history(UsageSubject.key("index"), UsagePeriod.DAY)).isEmpty();
        assertThat(usage.history(UsageSubject.model("index"), UsagePeriod.DAY)).isEmpty();
    }

    @Test
    void no_name_reads_what_is_somebody_elses() {
        String key = dump.keyId("key-basic");
        for (String name : List.of("global:total", "daily:" + key + ":2026-11-23", key + "\0b", "")) {
            assertThat(usage.totalsOfKey(name)).isEqualTo(UsageTotals.NONE);
            assertThat(usage.modelsOfKey(name)).isEmpty();
            assertThat(usage.totals(UsageSubject.account(name))).isEqualTo(UsageTotals.NONE);
            assertThat(usage.history(UsageSubject.key(name), UsagePeriod.DAY)).isEmpty();
        }
    }

    @Test
    void names_that_are_one_there_are_counted_once() {
        String key = dump.keyId("key-bound-console-main");
        Map<String, UsageTotals> was = usage.modelsOfKey(key);
        UsageRecord row = settle(key, dump.account("main"), MODEL + ":latest", State.FINAL, PRICE);
        Map<String, UsageTotals> expected = new HashMap<>(was);
        expected.put(row.model(), UsageTotals.NONE.plus(row));
        assertThat(was).containsKey(MODEL);
        Map<String, UsageTotals> now = usage.modelsOfKey(key);
        assertThat(now.keySet()).isEqualTo(expected.keySet());
        expected.forEach((model, sum) -> assertAlike(now.get(model), sum, 1_000));
        assertThat(usage.totals(UsageSubject.model(row.model()))).isEqualTo(UsageTotals.NONE.plus(row));
    }

    @Test
    void history_goes_as_far_back_as_it_is_kept_and_costs_as_far_as_there_are_any() {
        String key = dump.keyId("key-basic");
        Map<String, UsageTotals> was = usage.history(UsageSubject.key(key), UsagePeriod.MONTH);
        dump.redis.call(to -> to.del("usage:cost:monthly:" + key + ":2026-11"));
        dump.clock.move(Duration.ofDays(364));
        Map<String, UsageTotals> months = usage.history(UsageSubject.key(key), UsagePeriod.MONTH);
        assertThat(months).containsOnlyKeys("2026-11");
        assertAlike(months.get("2026-11"), was.get("2026-11"), 1_000);
        assertThat(months.get("2026-11").costNanoUsd()).isPositive();
        assertThat(usage.history(UsageSubject.key(key), UsagePeriod.DAY)).isEmpty();
        dump.clock.moveTo(dump.dumpedAt.plus(Duration.ofDays(32)));
        assertThat(usage.history(UsageSubject.key(key), UsagePeriod.DAY)).containsOnlyKeys("2026-11-23");
        dump.clock.moveTo(dump.dumpedAt.plus(Duration.ofDays(7)));
        assertThat(usage.history(UsageSubject.key(key), UsagePeriod.HOUR)).containsOnlyKeys("2026-11-23:01");
        dump.clock.move(Duration.ofHours(1));
        assertThat(usage.history(UsageSubject.key(key), UsagePeriod.HOUR)).isEmpty();
    }

    @Test
    void sums_of_dollars_that_are_not_exact_do_not_change_the_relays_own() {
        Map<String, UsageTotals> expected = new HashMap<>();
        for (int more = 0; more < 300; more++) {
            UsageRecord row = settle("k" + more % 3, "a", "m" + more % 2, State.FINAL, PRICE / 7);
            expected.merge(row.keyId(), UsageTotals.NONE.plus(row), UsageTotals::plus);
        }
        expected.forEach((key, sum) -> {
            assertThat(usage.totalsOfKey(key)).isEqualTo(sum);
            for (UsagePeriod period : UsagePeriod.values()) {
                assertThat(usage.history(UsageSubject.key(key), period))
                        .containsExactly(Map.entry(NAMES.get(period), sum));
            }
            assertThat(usage.modelsOfKey(key).values().stream().reduce(UsageTotals.NONE, UsageTotals::plus))
                    .isEqualTo(sum);
            dump.redis.call(to -> to.incrbyfloat("usage:cost:total:" + key, 1e-7));
            assertThat(usage.totalsOfKey(key)).isEqualTo(sum);
            dump.redis.call(to -> to.incrbyfloat("usage:cost:total:" + key, 0.5));
            assertThat(usage.totalsOfKey(key).countedNanoUsd())
                    .isCloseTo(sum.countedNanoUsd() + 500_000_000, within(200L));
        });
    }
}
