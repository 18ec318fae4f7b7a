package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Decision;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.limit.Refusal;
import org.ccrelayer.ownership.Maker;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.ownership.ObjectKind;
import org.ccrelayer.testkit.RedisPeer;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a relay does while its Redis is away, and when it is back. */
class RedisAwayTest {
    private static final Duration TTL = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    /** How much the relay's clock is ahead of the machine's. */
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    private final InstantSource clock = () -> Instant.now().plus(ahead.get());
    private RedisPeer peer;
    private RedisRelay relay;

    @BeforeEach
    void start() throws IOException {
        peer = RedisPeer.start();
        relay = relay(true);
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
        peer.close();
    }

    private RedisRelay relay(boolean local) {
        return RedisRelay.of(peer.address(), new AwayTerms(local, folder), clock);
    }

    private static Claim claim(String exchangeId, KeyLimits limits, long worst) {
        return new Claim(new Lease("k", exchangeId), limits, ZoneOffset.UTC, "opus", worst, TTL);
    }

    private Instant grant(String exchangeId, KeyLimits limits) {
        Decision decision = relay.limits().claim(claim(exchangeId, limits, 0));
        assertThat(decision).isInstanceOf(Decision.Granted.class);
        return ((Decision.Granted) decision).at();
    }

    private Refusal refusal(String exchangeId, KeyLimits limits) {
        return ((Decision.Refused) relay.limits().claim(claim(exchangeId, limits, 0))).refusal();
    }

    private UsageRecord row(String exchangeId, Instant at, long nanoUsd) {
        return new UsageRecord(
                exchangeId + "-1",
                exchangeId,
                "k",
                "a",
                "m",
                "opus",
                State.FINAL,
                new Tokens(1, 2, 3, 4, 5),
                0,
                nanoUsd,
                0,
                false,
                at,
                at,
                at);
    }

    /** A whole exchange. */
    private UsageRecord exchange(String exchangeId, KeyLimits limits, long nanoUsd) {
        UsageRecord row = row(exchangeId, grant(exchangeId, limits), nanoUsd);
        relay.usage().open(row.in(State.RESERVED));
        relay.usage().streaming(row.id());
        assertThat(relay.usage().settle(row)).isTrue();
        relay.limits().release(new Lease("k", exchangeId), false);
        return row;
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(RelayException.class, e -> {
            assertThat(e.outcome()).isEqualTo(Outcome.STORE_UNAVAILABLE);
            assertThat(e.retryAfter()).isPresent();
        });
    }

    private void awaitBack() {
        Wait.until(
                "Redis is back and has everything",
                () -> !relay.away().now() && relay.away().journal().size() == 0 && relay.healthy());
    }

    private static KeyLimits budget(BudgetMode mode, long total) {
        return KeyLimits.NONE.withBudgets(new Budgets(mode, 0, total, Budgets.Weekly.NONE, null));
    }

    @Test
    void exchanges_go_on_without_redis_and_are_booked_once_when_it_is_back() throws IOException {
        UsageRecord near = exchange("x1", KeyLimits.NONE, 5);
        peer.freeze();
        UsageRecord away = exchange("x2", KeyLimits.NONE, 7);
        assertThat(relay.away().now()).isTrue();
        assertThat(relay.healthy()).isTrue();
        assertThat(Files.size(folder.resolve("relay-away.journal"))).isPositive();
        peer.thaw();
        awaitBack();
        assertThat(relay.usage().find(near.id())).contains(near);
        assertThat(relay.usage().find(away.id())).contains(away);
        assertThat(relay.usage().totals().costNanoUsd()).isEqualTo(12);
        assertThat(relay.usage().totalsOfKey("k").attempts()).isEqualTo(2);
        assertThat(relay.limits()
                        .use("k", budget(BudgetMode.STANDARD, 100), ZoneOffset.UTC)
                        .totalNanoUsd())
                .isEqualTo(12);
        assertThat(peer.ask("KEYS", "relay:lease:*")).isEmpty();
        assertThat(peer.ask("EXISTS", "relay:lost", "relay:running:k")).isEqualTo("0");
        assertThat(Files.size(folder.resolve("relay-away.journal"))).isZero();
        exchange("x3", KeyLimits.NONE, 1);
    }

    @Test
    void what_was_done_although_nobody_heard_of_it_is_not_done_twice() {
        Instant at = grant("x1", KeyLimits.NONE);
        UsageRecord row = row("x1", at, 9);
        relay.usage().open(row.in(State.RESERVED));
        peer.freeze();
        // Both are in the server's socket, and done when it goes on.
        assertThat(relay.usage().settle(row)).isTrue();
        peer.thaw();
        awaitBack();
        assertThat(relay.usage().totals().attempts()).isEqualTo(1);
        assertThat(relay.usage().totals().costNanoUsd()).isEqualTo(9);
        assertThat(relay.usage().settle(row)).isFalse();
    }

    @Test
    void a_row_whose_opening_was_not_heard_of_is_opened_once() {
        Instant at = grant("x1", KeyLimits.NONE);
        peer.freeze();
        UsageRecord row = row("x1", at, 9);
        relay.usage().open(row.in(State.RESERVED));
        peer.thaw();
        awaitBack();
        assertThat(relay.usage().find(row.id()).orElseThrow().state()).isEqualTo(State.RESERVED);
        assertThat(relay.usage().settle(row)).isTrue();
        relay.limits().release(new Lease("k", "x1"), false);
        Wait.until("nothing is held", () -> peer.ask("KEYS", "relay:lease:*").isEmpty());
        assertThat(relay.usage().totals().costNanoUsd()).isEqualTo(9);
    }

    @Test
    void strict_keys_are_refused_and_leave_nothing_behind() {
        KeyLimits strict = budget(BudgetMode.STRICT, 100);
        Claim running = claim("x1", strict, 60);
        Decision.Granted granted = (Decision.Granted) relay.limits().claim(running);
        peer.freeze();
        refused(() -> relay.limits().claim(claim("x2", strict, 10)));
        refused(() -> relay.limits().claim(claim("x3", strict, 10)));
        refused(() -> relay.limits().cover(running));
        UsageRecord row = row("x1", granted.at(), 5);
        UsageRecord reserved = new UsageRecord(
                row.id(),
                "x1",
                "k",
                "a",
                "m",
                "opus",
                State.RESERVED,
                Tokens.NONE,
                0,
                0,
                60,
                false,
                granted.at(),
                granted.at(),
                granted.at());
        refused(() -> relay.usage().open(reserved));
        relay.limits().release(running.lease(), true);
        peer.thaw();
        awaitBack();
        Wait.until(
                "nothing is reserved",
                () -> relay.limits().use("k", strict, ZoneOffset.UTC).reservedNanoUsd() == 0);
        assertThat(relay.usage().totals().attempts()).isZero();
        assertThat(relay.limits().claim(claim("x4", strict, 100))).isInstanceOf(Decision.Granted.class);
    }

    @Test
    void a_strict_row_whose_opening_was_not_heard_of_is_void() {
        KeyLimits strict = budget(BudgetMode.STRICT, 100);
        Claim running = claim("x1", strict, 60);
        Decision.Granted granted = (Decision.Granted) relay.limits().claim(running);
        UsageRecord reserved = new UsageRecord(
                "x1-1",
                "x1",
                "k",
                "a",
                "m",
                "opus",
                State.RESERVED,
                Tokens.NONE,
                0,
                0,
                60,
                false,
                granted.at(),
                granted.at(),
                granted.at());
        peer.freeze();
        refused(() -> relay.usage().open(reserved));
        relay.limits().release(running.lease(), true);
        peer.thaw();
        awaitBack();
        assertThat(relay.usage().find("x1-1").orElseThrow().state()).isEqualTo(State.VOID);
        Wait.until("nothing is held", () -> peer.ask("KEYS", "relay:lease:*").isEmpty());
        assertThat(relay.usage().totals().attempts()).isZero();
    }

    @Test
    void concurrency_counts_what_ran_before_and_what_is_renewed() {
        KeyLimits limits = KeyLimits.NONE.withConcurrency(2);
        grant("x1", limits);
        peer.freeze();
        grant("x2", limits);
        assertThat(refusal("x3", limits))
                .returns(Refusal.Limit.CONCURRENCY, Refusal::limit)
                .returns(2L, Refusal::current);
        assertThat(relay.limits().renew(new Lease("k", "x1"), TTL, 2)).isTrue();
        assertThat(relay.limits().reap()).isZero();
        relay.limits().release(new Lease("k", "x1"), false);
        grant("x3", limits);
        peer.thaw();
        awaitBack();
        relay.limits().release(new Lease("k", "x2"), false);
        relay.limits().release(new Lease("k", "x3"), false);
        Wait.until(
                "nobody runs",
                () -> relay.limits().use("k", limits, ZoneOffset.UTC).leases() == 0);
    }

    @Test
    void windows_count_what_this_relay_let_in() {
        KeyLimits limits = KeyLimits.NONE.withRate(new RateLimit(10, 3, 40, 0));
        exchange("x1", limits, 5);
        peer.freeze();
        exchange("x2", limits, 5);
        grant("x3", limits);
        assertThat(refusal("x4", limits)).returns(Refusal.Limit.WINDOW_REQUESTS, Refusal::limit);
        KeyLimits byTokens = KeyLimits.NONE.withRate(new RateLimit(10, 0, 30, 0));
        assertThat(refusal("x4", byTokens))
                .returns(Refusal.Limit.WINDOW_TOKENS, Refusal::limit)
                .returns(30L, Refusal::current);
        assertThat(refusal("x4", KeyLimits.NONE.withRate(new RateLimit(10, 0, 0, 10)))
                        .limit())
                .isEqualTo(Refusal.Limit.WINDOW_COST);
        relay.limits().release(new Lease("k", "x3"), true);
        grant("x5", limits);
        ahead.set(Duration.ofSeconds(-1));
        peer.thaw();
        awaitBack();
    }

    @Test
    void budgets_go_on_with_what_is_left_and_shadows_never_refuse() {
        KeyLimits limits = budget(BudgetMode.STANDARD, 20);
        KeyLimits shadow = budget(BudgetMode.SHADOW, 20);
        exchange("x1", limits, 5);
        peer.freeze();
        exchange("x2", limits, 14);
        exchange("x3", limits, 8);
        assertThat(refusal("x4", limits))
                .returns(Refusal.Limit.TOTAL_BUDGET, Refusal::limit)
                .returns(Refusal.Cause.USED_UP, Refusal::cause);
        Decision.Granted granted = (Decision.Granted) relay.limits().claim(claim("x5", shadow, 0));
        assertThat(granted.shadowed()).isNotNull();
        peer.thaw();
        awaitBack();
        assertThat(refusal("x6", limits).current()).isEqualTo(27);
    }

    @Test
    void a_minute_is_all_that_goes_without_redis() {
        KeyLimits limits = KeyLimits.NONE;
        Instant at = grant("x1", limits);
        peer.freeze();
        grant("x2", limits);
        ahead.set(Outage.LOCAL.minusSeconds(2));
        grant("x3", limits);
        assertThat(relay.healthy()).isTrue();
        ahead.set(Outage.LOCAL.plusSeconds(1));
        refused(() -> relay.limits().claim(claim("x4", limits, 0)));
        assertThat(relay.healthy()).isFalse();
        UsageRecord row = row("x1", at, 3);
        relay.usage().open(row.in(State.RESERVED));
        assertThat(relay.usage().settle(row)).as("settling goes on").isTrue();
        peer.thaw();
        awaitBack();
        assertThat(relay.usage().totals().costNanoUsd()).isEqualTo(3);
        grant("x5", limits);
    }

    @Test
    void where_it_is_so_configured_nobody_is_let_in() throws IOException {
        relay.close();
        relay = relay(false);
        Instant at = grant("x1", KeyLimits.NONE);
        UsageRecord row = row("x1", at, 3);
        relay.usage().open(row.in(State.RESERVED));
        peer.freeze();
        refused(() -> relay.limits().claim(claim("x2", KeyLimits.NONE, 0)));
        refused(() -> relay.usage().open(row("x3", at, 1).in(State.RESERVED)));
        assertThat(relay.healthy()).isFalse();
        assertThat(relay.usage().settle(row)).isTrue();
        peer.thaw();
        awaitBack();
        assertThat(relay.usage().totals().costNanoUsd()).isEqualTo(3);
    }

    @Test
    void a_crash_during_an_outage_loses_nothing_that_was_settled() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("copy"));
        peer.kill();
        Wait.until("the loss is noticed", () -> {
            relay.healthy();
            return relay.away().now();
        });
        UsageRecord settled = exchange("x1", KeyLimits.NONE, 7);
        UsageRecord open = row("x2", grant("x2", KeyLimits.NONE), 0).in(State.RESERVED);
        relay.usage().open(open);
        // A file is after the end of a process what it was at that moment.
        Files.copy(folder.resolve("relay-away.journal"), copy.resolve("relay-away.journal"));
        peer.restart();
        try (RedisRelay next = RedisRelay.of(peer.address(), new AwayTerms(true, copy), clock)) {
            Wait.until("it is replayed", () -> next.away().journal().size() == 0);
            assertThat(next.usage().find(settled.id())).contains(settled);
            assertThat(next.usage().find(open.id()).orElseThrow().state()).isEqualTo(State.UNKNOWN);
        }
        // The same rows once more, from the process that in truth went on.
        awaitBack();
        assertThat(relay.usage().totals().costNanoUsd()).isEqualTo(7);
        assertThat(relay.usage().totals().attempts()).isEqualTo(2);
    }

    @Test
    void a_row_that_was_given_up_by_another_relay_stays_so() {
        Instant at = grant("x1", KeyLimits.NONE);
        UsageRecord row = row("x1", at, 9);
        relay.usage().open(row.in(State.RESERVED));
        peer.freeze();
        assertThat(relay.usage().settle(row.lost(at))).isTrue();
        peer.thaw();
        awaitBack();
        relay.away().journal().keep(row);
        relay.away().wake();
        awaitBack();
        assertThat(relay.usage().find(row.id()).orElseThrow().state()).isEqualTo(State.UNKNOWN);
        assertThat(relay.usage().totals().attempts()).isEqualTo(1);
        assertThat(relay.usage().totals().costNanoUsd()).isZero();
    }

    @Test
    void a_row_that_waits_is_settled_where_it_waits() {
        UsageRecord row = row("x1", grant("x1", KeyLimits.NONE), 9);
        relay.away().journal().keep(row.in(State.RESERVED));
        assertThat(relay.usage().settle(row)).isTrue();
        awaitBack();
        assertThat(relay.usage().find(row.id())).contains(row);
        assertThat(relay.usage().totals().costNanoUsd()).isEqualTo(9);
    }

    @Test
    void rows_that_come_late_count_in_the_hour_of_their_admission() {
        Instant at = grant("x1", KeyLimits.NONE).minus(Duration.ofHours(30));
        peer.freeze();
        UsageRecord row = row("x1", at, 9);
        relay.usage().open(row.in(State.RESERVED));
        relay.usage().settle(row);
        peer.thaw();
        awaitBack();
        KeyLimits daily =
                KeyLimits.NONE.withBudgets(new Budgets(BudgetMode.STANDARD, 100, 100, Budgets.Weekly.NONE, null));
        var use = relay.limits().use("k", daily, ZoneOffset.UTC);
        assertThat(use.dailyNanoUsd()).isZero();
        assertThat(use.totalNanoUsd()).isEqualTo(9);
    }

    @Test
    void a_row_that_redis_does_not_take_holds_up_nobody() {
        Instant at = grant("x1", KeyLimits.NONE);
        UsageRecord bad =
                new UsageRecord("b-1", "b", "bad", "a", "m", "", State.FINAL, Tokens.NONE, 0, 1, 0, false, at, at, at);
        relay.usage().open(bad.in(State.RESERVED));
        peer.ask("SET", "relay:rows:b", "no hash");
        assertThat(relay.usage().settle(bad)).isTrue();
        exchange("x2", KeyLimits.NONE, 4);
        assertThat(relay.away().now()).isFalse();
        peer.freeze();
        exchange("x3", KeyLimits.NONE, 4);
        peer.thaw();
        Wait.until("Redis is back", () -> !relay.away().now());
        Wait.until("all others are there", () -> relay.away().journal().size() == 1);
        assertThat(relay.usage().totalsOfKey("k").costNanoUsd()).isEqualTo(8);
        peer.ask("DEL", "relay:rows:b");
        ahead.set(Duration.ofMinutes(2));
        Wait.until("it is tried again", () -> {
            relay.away().wake();
            return relay.away().journal().size() == 0;
        });
        assertThat(relay.usage().totalsOfKey("bad").costNanoUsd()).isEqualTo(1);
    }

    @Test
    void sessions_and_objects_that_this_relay_saw_are_known_and_what_is_new_is_kept() {
        ObjectId before = new ObjectId(ObjectKind.FILE, "file_before");
        ObjectId after = new ObjectId(ObjectKind.FILE, "file_after");
        relay.sessions().keep("k", "s1", "a1", TTL);
        relay.objects().made("k", Set.of(before), new Maker("a1", null));
        peer.freeze();
        assertThat(relay.sessions().account("k", "s1")).contains("a1");
        assertThat(relay.sessions().account("k", "unknown")).isEmpty();
        relay.sessions().keep("k", "s2", "a2", TTL);
        assertThat(relay.sessions().bind("k", "s1", "a9", TTL)).contains("a1");
        refused(() -> relay.sessions().bind("k", "s3", "a9", TTL));
        relay.objects().made("k", Set.of(after), new Maker("a2", null));
        assertThat(relay.objects().makers("k", Set.of(before, after))).hasSize(2);
        refused(() -> relay.objects().maker("k", new ObjectId(ObjectKind.FILE, "file_unknown")));
        peer.thaw();
        awaitBack();
        try (RedisRelay other = RedisRelay.of(peer.address(), AwayTerms.IN_MEMORY, clock)) {
            assertThat(other.sessions().account("k", "s2")).contains("a2");
            assertThat(other.objects().maker("k", after)).contains(new Maker("a2", null));
        }
    }

    @Test
    void the_bound_is_told_in_numbers() {
        exchange("x1", KeyLimits.NONE.withConcurrency(3), 1);
        assertThat(relay.away().keys().bound(relay.away().moment()))
                .startsWith(
                        "For 60 seconds at most this relay goes on by its own count: 1 relay keys were used here in the last"
                                + " minute, of which 1 keep to their concurrency and window on this relay, 0 to what is left of their"
                                + " budgets, $0 altogether, and 0 have no limit.");
        exchange("x2", budget(BudgetMode.STANDARD, 2_500_000_000L), 1);
        assertThat(relay.away().keys().bound(relay.away().moment()))
                .contains("1 to what is left of their budgets, $2.49999999");
    }

    @Test
    void no_thread_is_left_when_nothing_waits() {
        exchange("x1", KeyLimits.NONE, 1);
        assertThat(threads()).isZero();
        peer.freeze();
        exchange("x2", KeyLimits.NONE, 1);
        assertThat(threads()).isEqualTo(1);
        peer.thaw();
        awaitBack();
        Wait.until("the thread ended", () -> threads() == 0);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("relay-away"))
                .count();
    }
}
