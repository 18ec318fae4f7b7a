package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Decision;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.limit.LimitUse;
import org.ccrelayer.testkit.MovedClock;
import org.ccrelayer.testkit.OnRedis;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The relay and the predecessor at work on one Redis: what one counts, the other sees, and nothing counts twice. */
@Timeout(240)
class BothProgramsTest extends OnRedis {
    private static final int OFFSET = 8;
    private static final ZoneOffset ZONE = ZoneOffset.ofHours(OFFSET);
    private static final Duration TTL = Duration.ofMinutes(5);
    private static final Duration WINDOW = Duration.ofMinutes(60);
    private static final Instant START = Instant.parse("2026-12-31T10:00:00.123Z");
    private static final long MUCH = 1_000_000_000_000_000L;
    private static final KeyLimits LIMITS = limits(4);

    private final MovedClock clock = new MovedClock(START);
    private RedisRelay relay;
    private PredecessorTraffic other;
    private PredecessorRules rules;
    private int exchanges;

    @BeforeEach
    void open() {
        peer.clear();
        relay = RedisRelay.at(peer, clock, ZONE);
        other = new PredecessorTraffic(relay.link(), clock, OFFSET);
        rules = new PredecessorRules(relay.link(), "");
        key(3, 6);
    }

    @AfterEach
    void close() {
        relay.close();
    }

    private void key(int resetDay, int resetHour) {
        relay.link()
                .call(to -> to.hset(
                        "apikey:k",
                        Map.of(
                                "id", "k",
                                "concurrencyLimit", "4",
                                "rateLimitWindow", "60",
                                "rateLimitRequests", "1000",
                                "weeklyResetDay", "" + resetDay,
                                "weeklyResetHour", "" + resetHour)));
    }

    private static KeyLimits limits(int concurrency) {
        Budgets budgets = new Budgets(BudgetMode.STANDARD, MUCH, MUCH, new Budgets.Weekly(MUCH, "all", 3, 6), null);
        return KeyLimits.NONE
                .withConcurrency(concurrency)
                .withRate(new RateLimit(60, 1_000, MUCH, MUCH))
                .withBudgets(budgets);
    }

    private LimitUse use() {
        return relay.limits().use("k", LIMITS, ZONE);
    }

    private Lease claimed(KeyLimits limits) {
        Lease lease = new Lease("k", "x" + exchanges++);
        Claim claim = new Claim(lease, limits, ZONE, "opus", 0, TTL);
        return relay.limits().claim(claim) instanceof Decision.Granted ? lease : null;
    }

    private UsageRecord row(Lease lease, Instant admitted, long nanoUsd, UsageRecord.State state) {
        return new UsageRecord(
                lease.exchangeId() + "-1",
                lease.exchangeId(),
                "k",
                "a",
                "claude-opus-4-6",
                "opus",
                state,
                new Tokens(1, 2, 3, 4, 5),
                0,
                nanoUsd,
                0,
                false,
                admitted,
                admitted,
                clock.instant());
    }

    private void settle(Lease lease, Instant admitted, long nanoUsd) {
        relay.usage().open(row(lease, admitted, nanoUsd, UsageRecord.State.RESERVED));
        assertThat(relay.usage().settle(row(lease, admitted, nanoUsd, UsageRecord.State.FINAL)))
                .isTrue();
    }

    /** What both did, added up by the simplest means. */
    private static final class Sums {
        private final Map<String, Long> spent = new TreeMap<>();
        private Instant window = Instant.MIN;
        private long requests;
        private long tokens;
        private long cost;

        void asked(Instant at) {
            if (!at.isBefore(window.plus(WINDOW))) {
                window = at;
                requests = 0;
                tokens = 0;
                cost = 0;
            }
            requests++;
        }

        void used(Instant counted, boolean inWindow, long moreTokens, long nanoUsd) {
            spent.merge("total", nanoUsd, Long::sum);
            spent.merge(PredecessorTraffic.day(counted, OFFSET), nanoUsd, Long::sum);
            spent.merge(week(counted), nanoUsd, Long::sum);
            if (inWindow) {
                tokens += moreTokens;
                cost += nanoUsd;
            }
        }

        long of(String period) {
            return spent.getOrDefault(period, 0L);
        }
    }

    private static String week(Instant at) {
        return PredecessorTraffic.week(at, OFFSET, Map.of("weeklyResetDay", "3", "weeklyResetHour", "6"));
    }

    private record Running(Lease lease, Instant admitted) {}

    @Test
    void whatever_both_do_neither_forgets_nor_doubles_anything() {
        for (int seed = 0; seed < 8; seed++) {
            peer.clear();
            key(3, 6);
            clock.moveTo(START.plus(Duration.ofDays(seed)));
            history(new Random(seed));
        }
    }

    private void history(Random random) {
        Sums sums = new Sums();
        Deque<Running> mine = new ArrayDeque<>();
        Deque<String> theirs = new ArrayDeque<>();
        for (int step = 0; step < 120; step++) {
            switch (random.nextInt(7)) {
                case 0, 1 -> mineBegins(sums, mine, mine.size() + theirs.size());
                case 2, 3 -> mineEnds(random, sums, mine);
                case 4 -> theirsBegins(sums, theirs, mine.size() + theirs.size());
                case 5 -> theirsEnds(random, sums, theirs);
                default -> timePasses(random, sums, mine, theirs);
            }
            check(sums, mine.size() + theirs.size(), "step " + step);
        }
    }

    private void mineBegins(Sums sums, Deque<Running> mine, int running) {
        Lease lease = claimed(LIMITS);
        assertThat(lease != null).isEqualTo(running < 4);
        if (lease != null) {
            sums.asked(clock.instant());
            mine.add(new Running(lease, clock.instant()));
        }
    }

    private void mineEnds(Random random, Sums sums, Deque<Running> mine) {
        Running ended = mine.poll();
        if (ended == null) {
            return;
        }
        boolean free = random.nextInt(5) == 0;
        boolean inWindow = !ended.admitted().isBefore(sums.window);
        if (free) {
            sums.requests -= inWindow ? 1 : 0;
        } else {
            long nanoUsd = random.nextLong(1, 3_000_000_000L);
            settle(ended.lease(), ended.admitted(), nanoUsd);
            sums.used(ended.admitted(), inWindow, 15, nanoUsd);
        }
        relay.limits().release(ended.lease(), free);
    }

    private void theirsBegins(Sums sums, Deque<String> theirs, int running) {
        String request = "their" + exchanges++;
        assertThat(other.acquire("k", request, 4)).isEqualTo(running < 4);
        if (running < 4) {
            other.request("k", WINDOW);
            sums.asked(clock.instant());
            theirs.add(request);
        }
    }

    private void theirsEnds(Random random, Sums sums, Deque<String> theirs) {
        if (!theirs.isEmpty()) {
            long nanoUsd = random.nextLong(1, 3_000_000_000L);
            other.used("k", 15, BigDecimal.valueOf(nanoUsd, 9).toPlainString(), true);
            sums.used(clock.instant(), true, 15, nanoUsd);
            other.release("k", theirs.poll());
        }
    }

    private void timePasses(Random random, Sums sums, Deque<Running> mine, Deque<String> theirs) {
        if (random.nextInt(3) == 0) {
            daysPass(random, sums, mine, theirs);
            return;
        }
        int minutes = random.nextInt(20);
        for (int passed = 0; passed < minutes; passed += 4) {
            clock.move(Duration.ofMinutes(4).plusNanos(random.nextInt(1_000_000_000)));
            mine.forEach(each ->
                    assertThat(relay.limits().renew(each.lease(), TTL, 4)).isTrue());
            theirs.forEach(each -> other.renew("k", each));
        }
    }

    /** The relay's exchanges go on meanwhile; the predecessor's, whose leases are short, end before. */
    private void daysPass(Random random, Sums sums, Deque<Running> mine, Deque<String> theirs) {
        while (!theirs.isEmpty()) {
            theirsEnds(random, sums, theirs);
        }
        Duration time = Duration.ofMinutes(random.nextInt(3_000));
        mine.forEach(each -> assertThat(relay.limits().renew(each.lease(), time.plus(TTL), 4))
                .isTrue());
        clock.move(time);
    }

    private void check(Sums sums, int running, String step) {
        Instant now = clock.instant();
        String day = PredecessorTraffic.day(now, OFFSET);
        LimitUse use = use();
        assertThat(use.leases()).as(step).isEqualTo(running);
        assertThat(use.dailyNanoUsd()).as(step).isEqualTo(sums.of(day));
        assertThat(use.totalNanoUsd()).as(step).isEqualTo(sums.of("total"));
        assertThat(use.weeklyNanoUsd()).as(step).isEqualTo(sums.of(week(now)));
        boolean runs = now.isBefore(sums.window.plus(WINDOW));
        assertThat(use.windowRequests()).as(step).isEqualTo(runs ? sums.requests : 0);
        assertThat(use.windowTokens()).as(step).isEqualTo(runs ? sums.tokens : 0);
        assertThat(use.windowCostNanoUsd()).as(step).isEqualTo(runs ? sums.cost : 0);
        assertThat(rules.running("k", now)).as(step).isEqualTo(running);
        counts("usage:cost:daily:k:" + day, sums.of(day), step);
        counts("usage:cost:total:k", sums.of("total"), step);
        counts("usage:opus:weekly:k:" + week(now), sums.of(week(now)), step);
        if (runs) {
            assertThat(rules.amount("rate_limit:requests:k")).as(step).isEqualTo(sums.requests);
            assertThat(rules.amount("rate_limit:tokens:k")).as(step).isEqualTo(sums.tokens);
            counts("rate_limit:cost:k", sums.cost, step);
        }
    }

    private void counts(String counter, long nanoUsd, String step) {
        assertThat(rules.amount(counter)).as(step + " " + counter).isCloseTo(nanoUsd / 1e9, within(1e-9));
    }

    @Test
    void the_predecessors_end_loses_only_its_own_places() {
        Lease first = claimed(LIMITS);
        claimed(LIMITS);
        assertThat(other.acquire("k", "t1", 4)).isTrue();
        assertThat(other.acquire("k", "t2", 4)).isTrue();
        assertThat(claimed(LIMITS)).isNull();
        assertThat(other.acquire("k", "t3", 4)).isFalse();
        other.stop();
        assertThat(use().leases()).isEqualTo(2);
        assertThat(rules.running("k", clock.instant())).isZero();
        assertThat(relay.limits().renew(first, TTL, 4)).isTrue();
        assertThat(rules.running("k", clock.instant())).isEqualTo(1);
        assertThat(claimed(LIMITS)).isNotNull();
        assertThat(claimed(LIMITS)).isNotNull();
        assertThat(claimed(LIMITS)).isNull();
        clock.move(TTL);
        assertThat(use().leases()).isZero();
    }

    @Test
    void a_place_is_mirrored_with_its_end_and_no_life_is_shortened() {
        other.acquire("k", "t1", 4);
        relay.link().call(to -> to.pexpire("concurrency:k", 900_000));
        claimed(LIMITS);
        assertThat(peer.ask("ZSCORE", "concurrency:k", "relay:x0"))
                .isEqualTo("" + START.plus(TTL).toEpochMilli());
        assertThat(Long.parseLong(peer.ask("PTTL", "concurrency:k"))).isGreaterThan(800_000);
        assertThat(claimed(limits(0))).isNotNull();
        assertThat(peer.ask("ZCARD", "concurrency:k")).isEqualTo("2");
    }

    @Test
    void places_of_an_old_form_are_none() {
        relay.link().call(to -> to.set("concurrency:k", "3"));
        assertThat(use().leases()).isZero();
        Lease lease = claimed(LIMITS);
        assertThat(rules.running("k", clock.instant())).isEqualTo(1);
        relay.limits().release(lease, false);
        relay.usage().flush();
        assertThat(peer.ask("EXISTS", "concurrency:k")).isEqualTo("0");
    }

    @Test
    void a_counter_that_began_anew_counts_from_there() {
        settle(claimed(LIMITS), START, 5_000_000_000L);
        relay.link().call(to -> to.del("usage:cost:total:k"));
        other.used("k", 1, "2", false);
        assertThat(use().totalNanoUsd()).isEqualTo(7_000_000_000L);
        relay.link().call(to -> to.del("usage:cost:total:k"));
        settle(claimed(LIMITS), START, 1_000_000_000L);
        assertThat(use().totalNanoUsd()).isEqualTo(6_000_000_000L);
        other.used("k", 1, "0.5", false);
        assertThat(use().totalNanoUsd()).isEqualTo(6_500_000_000L);
    }

    /** As at its first start of a day, and when the beginning of a key's weeks is changed. */
    @Test
    void a_week_that_the_predecessor_works_out_anew_counts_once() {
        settle(claimed(LIMITS), START, 5_000_000_000L);
        other.used("k", 1, "2", false);
        String week = "usage:opus:weekly:k:" + week(START);
        relay.link().call(to -> to.del(week));
        assertThat(use().weeklyNanoUsd()).isEqualTo(5_000_000_000L);
        relay.link().call(to -> to.set(week, "7"));
        assertThat(use().weeklyNanoUsd()).isEqualTo(7_000_000_000L);
        settle(claimed(LIMITS), START, 1_000_000_000L);
        assertThat(use().weeklyNanoUsd()).isEqualTo(8_000_000_000L);
        key(1, 0);
        relay.link().call(to -> to.set("usage:opus:weekly:k:2026-12-28T00", "8"));
        assertThat(weekOf("all", ZONE)).isEqualTo(8_000_000_000L);
        assertThat(weekOf("opus", ZONE)).isEqualTo(8_000_000_000L);
        assertThat(weekOf("haiku", ZONE)).isEqualTo(2_000_000_000L);
        assertThat(weekOf("all", ZoneOffset.UTC)).isEqualTo(8_000_000_000L);
    }

    private long weekOf(String scope, ZoneOffset keyZone) {
        Budgets.Weekly weekly = new Budgets.Weekly(MUCH, scope, 1, 0);
        KeyLimits changed = LIMITS.withBudgets(new Budgets(BudgetMode.STANDARD, 0, 0, weekly, null));
        relay.limits().claim(new Claim(new Lease("k", "x" + exchanges++), changed, keyZone, "opus", 0, TTL));
        return relay.limits().use("k", changed, keyZone).weeklyNanoUsd();
    }

    @Test
    void a_window_that_the_predecessor_begins_by_a_faster_clock_is_the_window() {
        claimed(LIMITS);
        clock.move(WINDOW.minusMinutes(2));
        MovedClock ahead = new MovedClock(clock.instant().plus(Duration.ofMinutes(5)));
        new PredecessorTraffic(relay.link(), ahead, OFFSET).request("k", WINDOW);
        assertThat(use().windowRequests()).isEqualTo(1);
        Lease lease = claimed(LIMITS);
        assertThat(use().windowRequests()).isEqualTo(2);
        settle(lease, clock.instant(), 7);
        assertThat(use().windowTokens()).isEqualTo(15);
        assertThat(rules.amount("rate_limit:tokens:k")).isEqualTo(15);
    }

    @Test
    void a_window_that_is_over_is_not_made_again_by_what_ends_late() {
        Lease lease = claimed(LIMITS);
        relay.link().call(to -> to.del("rate_limit:window_start:k", "rate_limit:requests:k", "rate_limit:tokens:k"));
        settle(lease, START, 7);
        relay.limits().release(lease, true);
        relay.usage().flush();
        assertThat(peer.ask("EXISTS", "rate_limit:requests:k", "rate_limit:tokens:k"))
                .isEqualTo("0");
    }

    @Test
    void a_clock_that_goes_back_forgets_nothing_that_was_spent() {
        settle(claimed(LIMITS), START, 5);
        other.used("k", 1, "0.000000007", false);
        clock.moveTo(START.minus(Duration.ofHours(2)));
        assertThat(use().dailyNanoUsd()).isEqualTo(12);
        clock.moveTo(START.plus(Duration.ofDays(8)));
        assertThat(use().dailyNanoUsd()).isZero();
        assertThat(use().totalNanoUsd()).isEqualTo(12);
    }
}
