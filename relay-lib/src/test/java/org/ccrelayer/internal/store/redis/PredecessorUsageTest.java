package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Decision;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.limit.LimitUse;
import org.ccrelayer.limit.Refusal;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What traffic writes into a Redis that the predecessor's software wrote, and what the limits read there. */
@Timeout(120)
class PredecessorUsageTest extends OnTheDump {
    private static final int OFFSET = 8;
    private static final ZoneOffset ZONE = ZoneOffset.ofHours(OFFSET);
    private static final String MODEL = "claude-sonnet-4-5-20250929";
    private static final String DAY = "2026-11-23";
    private static final String HOUR = DAY + ":01";
    private static final long NANO_USD = 4_500_001_500L;

    private static final Map<String, Refusal.Limit> LIMITS = Map.of(
            "concurrencyLimit", Refusal.Limit.CONCURRENCY,
            "rateLimitRequests", Refusal.Limit.WINDOW_REQUESTS,
            "tokenLimit", Refusal.Limit.WINDOW_TOKENS,
            "rateLimitCost", Refusal.Limit.WINDOW_COST,
            "dailyCostLimit", Refusal.Limit.DAILY_BUDGET,
            "totalCostLimit", Refusal.Limit.TOTAL_BUDGET,
            "weeklyOpusCostLimit", Refusal.Limit.WEEKLY_BUDGET);

    private final RedisTime time = RedisTime.of(dump.clock);
    private final RedisUsage usage = new RedisUsage(dump.redis, time, ZONE);
    private final RedisLimits limits = new RedisLimits(dump.redis, time, usage, ZONE);
    private final Map<String, DumpFixture.Print> before = dump.prints();
    private int exchanges;

    private Claim claim(String keyId, KeyLimits keyLimits) {
        Lease lease = new Lease(keyId, "x" + exchanges++);
        return new Claim(lease, keyLimits, ZONE, "sonnet", 0, Duration.ofMinutes(5));
    }

    private UsageRecord row(Lease lease, String account, State state) {
        Instant at = dump.clock.instant();
        return new UsageRecord(
                lease.exchangeId() + "-1",
                lease.exchangeId(),
                lease.keyId(),
                account,
                MODEL,
                "sonnet",
                state,
                state == State.UNKNOWN ? Tokens.NONE : new Tokens(100, 20, 3, 4, 5_000),
                0,
                NANO_USD,
                0,
                false,
                at,
                at,
                at.plusMillis(1_500));
    }

    private void settle(String keyId, String account, State state) {
        UsageRecord row = row(new Lease(keyId, "x" + exchanges++), account, state);
        usage.open(row.in(State.RESERVED));
        assertThat(usage.settle(row)).isTrue();
    }

    private KeyLimits limitsOf(String keyId) {
        return dump.keys.find(keyId).orElseThrow().limits();
    }

    private List<String> activeKeys() {
        return dump.keys.list().stream()
                .filter(key -> key.enabled())
                .map(key -> key.id())
                .toList();
    }

    private TreeSet<String> changed() {
        TreeSet<String> changed = dump.changedSince(before);
        changed.removeIf(key -> key.startsWith("relay:"));
        return changed;
    }

    @Test
    void what_the_predecessor_counted_counts() {
        int counted = 0;
        for (String key : activeKeys()) {
            LimitUse use = limits.use(key, limitsOf(key), ZONE);
            String week = PredecessorTraffic.week(dump.clock.instant(), OFFSET, dump.hash("apikey:" + key));
            assertThat(use.totalNanoUsd()).isEqualTo(nano("usage:cost:total:" + key));
            assertThat(use.dailyNanoUsd()).isEqualTo(nano("usage:cost:daily:" + key + ":" + DAY));
            assertThat(use.weeklyNanoUsd()).isEqualTo(nano("usage:opus:weekly:" + key + ":" + week));
            assertThat(use.windowTokens()).isEqualTo((long) dump.rules.amount("rate_limit:tokens:" + key));
            assertThat(use.windowCostNanoUsd()).isEqualTo(nano("rate_limit:cost:" + key));
            assertThat(use.leases()).isEqualTo((int) dump.rules.running(key, dump.clock.instant()));
            counted += use.weeklyNanoUsd() > 0 ? 1 : 0;
        }
        assertThat(counted).isGreaterThan(20);
        assertThat(limits.use(dump.keyId("key-concurrency"), KeyLimits.NONE, ZONE)
                        .leases())
                .isEqualTo(2);
        assertThat(changed()).isEmpty();
    }

    private long nano(String counter) {
        return Math.round(dump.rules.amount(counter) * 1e9);
    }

    @Test
    void both_programs_refuse_the_same_keys_by_the_same_limit() {
        Set<String> seen = new TreeSet<>();
        for (int round = 0; round < 3; round++) {
            for (String key : activeKeys()) {
                String theirs = dump.rules.limit(key, dump.clock.instant(), OFFSET);
                seen.add(theirs);
                Claim claim = claim(key, limitsOf(key));
                Decision mine = limits.claim(claim);
                if (theirs.isEmpty()) {
                    assertThat(mine).as(key).isInstanceOf(Decision.Granted.class);
                    UsageRecord row = row(claim.lease(), dump.account("main"), State.FINAL);
                    usage.open(row.in(State.RESERVED));
                    usage.settle(row);
                } else {
                    assertThat(((Decision.Refused) mine).refusal().limit())
                            .as(key)
                            .isEqualTo(LIMITS.get(theirs));
                }
            }
        }
        assertThat(seen).hasSizeGreaterThan(5).contains("");
    }

    @Test
    void traffic_writes_what_the_document_says_and_shortens_no_life() throws IOException {
        Map<String, Long> lives = dump.lives();
        String account = dump.account("main");
        Set<String> written = new TreeSet<>();
        Set<String> indexes = new TreeSet<>();
        for (String name : List.of("key-concurrency", "key-rate", "key-basic")) {
            String key = dump.keyId(name);
            Claim claim = claim(key, limitsOf(key).withConcurrency(9).withRate(new RateLimit(60, 100, 0, 0)));
            assertThat(limits.claim(claim)).isInstanceOf(Decision.Granted.class);
            UsageRecord row = row(claim.lease(), account, State.FINAL);
            usage.open(row.in(State.RESERVED));
            usage.settle(row);
            written.addAll(written(key, account));
            List.of("requests", "tokens", "cost").forEach(what -> written.add("rate_limit:" + what + ":" + key));
            indexes.add("rate_limit:window_start:" + key);
            assertThat(changed()).contains("concurrency:" + key);
            limits.release(claim.lease(), false);
            indexes.addAll(indexes());
        }
        dump.clock.move(Duration.ofDays(40));
        settle(dump.keyId("key-basic"), account, State.FINAL);
        written.addAll(written(dump.keyId("key-basic"), account));
        indexes.addAll(indexes());
        TreeSet<String> changed = changed();
        assertThat(changed).containsAll(written);
        changed.removeAll(written);
        // The predecessor had put some of the names there before, and begun a window.
        assertThat(indexes).containsAll(changed);
        documented(written, indexes);
        Map<String, Long> now = dump.lives();
        lives.forEach((key, left) -> assertThat(left < 0 ? now.get(key) < 0 : now.get(key) > left - 100_000)
                .as(key)
                .isTrue());
        now.keySet().removeIf(key -> lives.containsKey(key) || key.startsWith("relay:"));
        now.forEach((key, left) ->
                assertThat(left != -1).as(key).isEqualTo(!key.matches("usage:[^:]+|.*:(total|alltime):.*")));
    }

    /** Every key that a settled request of a relay key changes, at this moment. */
    private Set<String> written(String key, String account) {
        Instant at = dump.clock.instant();
        String day = PredecessorTraffic.day(at, OFFSET);
        String week = PredecessorTraffic.week(at, OFFSET, dump.hash("apikey:" + key));
        Set<String> names = new TreeSet<>(Set.of("usage:global:total", "usage:" + key, "usage:records:" + key));
        names.addAll(List.of("apikey:" + key, "apikey:idx:lastUsedAt", "claude_console_account:" + account));
        names.addAll(List.of("usage:global:daily:" + day, "usage:global:monthly:" + day.substring(0, 7)));
        names.addAll(List.of("account_usage:" + account, "usage:" + key + ":model:alltime:" + MODEL));
        names.add("system:metrics:minute:" + at.getEpochSecond() / 60);
        periods().forEach((length, period) -> {
            names.add("usage:" + length + ":" + key + ":" + period);
            names.add("usage:model:" + length + ":" + MODEL + ":" + period);
            names.add("usage:" + key + ":model:" + length + ":" + MODEL + ":" + period);
            names.add("account_usage:" + length + ":" + account + ":" + period);
            names.add("account_usage:model:" + length + ":" + account + ":" + MODEL + ":" + period);
            names.add("usage:cost:" + length + ":" + key + ":" + period);
        });
        names.addAll(List.of("usage:cost:total:" + key, "usage:cost:real:total:" + key));
        names.add("usage:cost:real:daily:" + key + ":" + day);
        for (String kind : List.of("usage:opus:", "usage:opus:real:")) {
            names.addAll(List.of(kind + "total:" + key, kind + "weekly:" + key + ":" + week));
        }
        return names;
    }

    private Map<String, String> periods() {
        Instant at = dump.clock.instant();
        String day = PredecessorTraffic.day(at, OFFSET);
        return Map.of(
                "daily",
                day,
                "monthly",
                day.substring(0, 7),
                "hourly",
                day + ":" + at.atOffset(ZONE).toString().substring(11, 13));
    }

    /** The indexes that a settled request stands in, at this moment. */
    private Set<String> indexes() {
        Set<String> names = new TreeSet<>(Set.of("usage:model:monthly:months"));
        periods().forEach((length, period) -> {
            names.add("usage:model:" + length + ":index:" + period);
            if (!length.equals("monthly")) {
                for (String kind : List.of("usage:", "usage:keymodel:", "account_usage:", "account_usage:model:")) {
                    names.add(kind + length + ":index:" + period);
                }
            }
        });
        return names;
    }

    /** What was written is what the document says, and the other way round. */
    private void documented(Set<String> written, Set<String> indexes) throws IOException {
        Set<String> all = new TreeSet<>(written);
        all.addAll(indexes);
        all.add("concurrency:" + dump.keyId("key-basic"));
        List<Pattern> documented = documented();
        assertThat(all)
                .allMatch(key -> documented.stream()
                        .anyMatch(pattern -> pattern.matcher(key).matches()));
        assertThat(documented)
                .allMatch(pattern ->
                        all.stream().anyMatch(key -> pattern.matcher(key).matches()));
    }

    /** The keys that the document says a request writes. */
    private static List<Pattern> documented() throws IOException {
        List<Pattern> patterns = new ArrayList<>();
        boolean request = false;
        for (String line : Files.readAllLines(Path.of("..", "docs", "migration.md"))) {
            request = line.startsWith("| a request ") || request && line.startsWith("| |");
            Matcher names = Pattern.compile("`([^`]+:[^`]+)`").matcher(request ? line : "");
            while (names.find()) {
                patterns.add(Pattern.compile("\\Q" + names.group(1).replace("{}", "\\E[^:]+\\Q") + "\\E"));
            }
        }
        assertThat(patterns).hasSizeGreaterThan(45);
        return patterns;
    }

    @Test
    void every_counter_is_raised_by_what_a_request_used() {
        String key = dump.keyId("key-rate");
        String account = dump.account("main");
        Map<String, Long> each = figures("", Map.of("allTokens", 5_127L));
        Map<String, Long> keyed = with(each, Map.of("tokens", 120L));
        Map<String, Long> costed = with(each, Map.of("realCostMicro", 4_500_002L, "ratedCostMicro", 4_500_002L));
        Map<String, Map<String, Long>> expected = new HashMap<>();
        Map<String, Long> totals = figures("total", Map.of("totalTokens", 120L, "totalAllTokens", 5_127L));
        expected.put("usage:" + key, totals);
        expected.put("account_usage:" + account, totals);
        for (String period : List.of("daily:%s:" + DAY, "monthly:%s:2026-11", "hourly:%s:" + HOUR)) {
            expected.put("usage:" + period.formatted(key), keyed);
            expected.put("usage:model:" + period.formatted(MODEL), each);
            expected.put("usage:" + key + ":model:" + period.formatted(MODEL), costed);
            expected.put("account_usage:model:" + period.formatted(account + ":" + MODEL), each);
        }
        expected.put("account_usage:daily:" + account + ":" + DAY, keyed);
        expected.put("account_usage:hourly:" + account + ":" + HOUR, with(keyed, named("model:" + MODEL + ":", each)));
        expected.put("usage:global:total", each);
        expected.put("usage:global:daily:" + DAY, each);
        Map<String, Map<String, Long>> was = new HashMap<>();
        expected.keySet().forEach(hash -> was.put(hash, numbers(hash)));
        settle(key, account, State.FINAL);
        settle(key, account, State.ESTIMATED);
        expected.forEach((hash, raised) -> {
            Map<String, Long> sums = new HashMap<>(was.get(hash));
            raised.forEach((name, value) -> sums.merge(name, 2 * value, Long::sum));
            assertThat(numbers(hash)).as(hash).isEqualTo(sums);
        });
        assertThat(dump.peer.ask("GET", "usage:cost:monthly:" + key + ":2026-11"))
                .isEqualTo("9.039153");
        assertThat(numbers("system:metrics:minute:" + dump.clock.instant().getEpochSecond() / 60))
                .containsEntry("totalTokens", 364_892L * (sameMinute() ? 1 : 0) + 10_254L);
    }

    private boolean sameMinute() {
        return dump.clock.instant().getEpochSecond() / 60 == 29_922_834;
    }

    private Map<String, Long> numbers(String hash) {
        Map<String, Long> numbers = new HashMap<>();
        dump.hash(hash).forEach((name, value) -> numbers.put(name, Long.parseLong(value)));
        return numbers;
    }

    private static Map<String, Long> figures(String prefix, Map<String, Long> more) {
        Map<String, Long> figures = new HashMap<>();
        Map.of(
                        "InputTokens", 100L,
                        "OutputTokens", 20L,
                        "CacheCreateTokens", 7L,
                        "CacheReadTokens", 5_000L,
                        "Ephemeral5mTokens", 3L,
                        "Ephemeral1hTokens", 4L,
                        "Requests", 1L)
                .forEach((name, value) -> figures.put(
                        prefix.isEmpty() ? Character.toLowerCase(name.charAt(0)) + name.substring(1) : prefix + name,
                        value));
        figures.putAll(more);
        return figures;
    }

    private static Map<String, Long> with(Map<String, Long> figures, Map<String, Long> more) {
        Map<String, Long> all = new HashMap<>(figures);
        all.putAll(more);
        return all;
    }

    private static Map<String, Long> named(String prefix, Map<String, Long> figures) {
        Map<String, Long> named = new HashMap<>();
        figures.forEach((name, value) -> named.put(prefix + name, value));
        return named;
    }

    @Test
    void a_record_is_the_newest_of_the_last_200() {
        String key = dump.keyId("key-bound-console-main");
        for (int more = 0; more < 205; more++) {
            settle(key, dump.account("main"), State.FINAL);
        }
        List<String> records = dump.redis.call(to -> to.lrange("usage:records:" + key, 0, -1));
        assertThat(records).hasSize(200);
        JsonObject record = JsonObject.parse(records.get(0));
        assertThat(record.string("requestId")).contains("x204-1");
        assertThat(record.string("accountType")).contains("claude-console");
        assertThat(record.string("timestamp")).contains("2026-11-22T17:54:21.209Z");
        assertThat(record.integer("durationMs")).contains(1_500L);
        assertThat(record.integer("totalTokens")).contains(5_127L);
        assertThat(record.decimal("cost").orElseThrow()).isEqualByComparingTo("4.5000015");
        assertThat(dump.ttl("usage:records:" + key))
                .isGreaterThan(Duration.ofDays(89).toMillis());
    }

    @Test
    void the_last_use_of_key_and_account_is_told_without_touching_more() {
        String key = dump.keyId("key-basic");
        String account = dump.account("main");
        Map<String, String> keyWas = dump.hash("apikey:" + key);
        Map<String, String> accountWas = dump.hash("claude_console_account:" + account);
        dump.clock.move(Duration.ofMinutes(7));
        settle(key, account, State.FINAL);
        keyWas.put("lastUsedAt", "2026-11-22T18:01:19.709Z");
        accountWas.put("lastUsedAt", "2026-11-22T18:01:19.709Z");
        assertThat(dump.hash("apikey:" + key)).isEqualTo(keyWas);
        assertThat(dump.hash("claude_console_account:" + account)).isEqualTo(accountWas);
        assertThat(dump.peer.ask("ZSCORE", "apikey:idx:lastUsedAt", key))
                .isEqualTo("" + dump.clock.instant().toEpochMilli());
        settle("nobody", "none", State.FINAL);
        assertThat(dump.peer.ask("EXISTS", "apikey:nobody", "claude_console_account:none", "account_usage:none"))
                .isEqualTo("0");
    }

    @Test
    void rows_that_counted_for_nothing_write_nothing() {
        settle(dump.keyId("key-basic"), dump.account("main"), State.VOID);
        assertThat(changed()).isEmpty();
    }

    @Test
    void rows_of_which_nothing_is_known_count_as_they_do_in_the_relay() {
        String key = dump.keyId("key-basic");
        long was = nano("usage:cost:total:" + key);
        settle(key, dump.account("main"), State.UNKNOWN);
        assertThat(nano("usage:cost:total:" + key)).isEqualTo(was + NANO_USD);
        assertThat(limits.use(key, KeyLimits.NONE, ZONE).totalNanoUsd()).isEqualTo(was + NANO_USD);
        String record = dump.redis.call(to -> to.lindex("usage:records:" + key, 0));
        assertThat(JsonObject.parse(record).has("statusCode")).isFalse();
    }

    @Test
    void an_account_that_the_predecessor_does_not_see_is_not_shown_to_it() {
        settle(dump.keyId("key-basic"), "of-the-relay", State.FINAL);
        assertThat(changed()).noneMatch(key -> key.startsWith("account_usage") && key.contains("of-the-relay"));
        assertThat(dump.members("account_usage:daily:index:" + DAY)).doesNotContain("of-the-relay");
        String record = dump.redis.call(to -> to.lindex("usage:records:" + dump.keyId("key-basic"), 0));
        assertThat(JsonObject.parse(record).string("accountType")).contains("unknown");
    }

    @Test
    void marks_of_emptiness_go_when_an_index_is_added_to() {
        List<String> indexes = List.of(
                "usage:daily:index:" + DAY,
                "usage:keymodel:hourly:index:" + HOUR,
                "usage:model:monthly:months",
                "account_usage:model:daily:index:" + DAY);
        indexes.forEach(index -> dump.redis.call(to -> to.set(index + ":empty", "1")));
        settle(dump.keyId("key-basic"), dump.account("main"), State.FINAL);
        assertThat(indexes).allMatch(index -> dump.ttl(index + ":empty") == -2);
        assertThat(dump.members("account_usage:model:daily:index:" + DAY)).contains(dump.account("main") + ":" + MODEL);
    }

    @Test
    void a_limit_and_a_counter_of_trillions_are_counted_with() {
        String key = dump.keyId("key-basic");
        dump.redis.call(to -> to.hset("apikey:" + key, Map.of("dailyCostLimit", "1e12", "totalCostLimit", "1e30")));
        dump.redis.call(to -> to.hset("apikey:" + key, "weeklyOpusCostLimit", "999999999999"));
        assertThat(limits.claim(claim(key, limitsOf(key)))).isInstanceOf(Decision.Granted.class);
        settle(key, dump.account("main"), State.FINAL);
        assertThat(limits.use(key, limitsOf(key), ZONE).dailyNanoUsd()).isGreaterThanOrEqualTo(NANO_USD);
        dump.redis.call(to -> to.set("usage:cost:total:" + key, "1e300"));
        Decision refused = limits.claim(claim(key, limitsOf(key)));
        assertThat(((Decision.Refused) refused).refusal().limit()).isEqualTo(Refusal.Limit.TOTAL_BUDGET);
        assertThat(limits.use(key, limitsOf(key), ZONE).totalNanoUsd())
                .isGreaterThanOrEqualTo(1_000_000_000_000_000_000L);
    }

    @Test
    void what_the_predecessor_keeps_for_ever_stays_so() {
        String key = dump.keyId("key-basic");
        List<String> kept = List.of(
                "usage:daily:" + key + ":" + DAY,
                "usage:cost:daily:" + key + ":" + DAY,
                "usage:records:" + key,
                "usage:daily:index:" + DAY,
                "concurrency:" + key);
        dump.redis.call(to -> to.zadd("concurrency:" + key, 9e12, "theirs"));
        kept.forEach(name -> dump.redis.call(to -> to.persist(name)));
        assertThat(kept).allMatch(name -> dump.ttl(name) == -1);
        assertThat(limits.claim(claim(key, KeyLimits.NONE.withConcurrency(9)))).isInstanceOf(Decision.Granted.class);
        settle(key, dump.account("main"), State.FINAL);
        assertThat(kept).allMatch(name -> dump.ttl(name) == -1);
    }

    @Test
    void a_counter_that_holds_something_else_keeps_no_row_from_being_booked() {
        String key = dump.keyId("key-basic");
        dump.redis.call(to -> to.set("usage:cost:daily:" + key + ":" + DAY, "much"));
        settle(key, dump.account("main"), State.FINAL);
        assertThat(usage.totalsOfKey(key).costNanoUsd()).isEqualTo(NANO_USD);
        assertThat(limits.use(key, KeyLimits.NONE, ZONE).dailyNanoUsd()).isEqualTo(NANO_USD);
    }
}
