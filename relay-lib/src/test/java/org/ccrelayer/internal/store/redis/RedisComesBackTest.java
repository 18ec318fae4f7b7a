package org.ccrelayer.internal.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Decision;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.limit.Refusal;
import org.ccrelayer.ownership.Maker;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.ownership.ObjectKind;
import org.ccrelayer.testkit.LedgerFold;
import org.ccrelayer.testkit.RedisPeer;
import org.ccrelayer.testkit.Wait;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Redis has when it is back: also what it lost, what was under way, and what it does not take. */
class RedisComesBackTest {
    private static final Duration TTL = Duration.ofMinutes(5);
    private static final Lease LEASE = new Lease("k", "x1");

    @TempDir
    private Path folder;

    /** How much the relay's clock is ahead of the machine's. */
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

    private RedisPeer peer;
    private Between road;
    private RedisRelay relay;

    @BeforeEach
    void start() throws IOException {
        peer = RedisPeer.start("--appendonly", "yes", "--appendfsync", "always");
        road = Between.plain(peer.port());
        relay = RedisRelay.of(
                "127.0.0.1:" + road.port(),
                new AwayTerms(true, folder),
                () -> Instant.now().plus(ahead.get()),
                System::nanoTime);
    }

    @AfterEach
    void stop() throws IOException {
        relay.close();
        road.close();
        peer.close();
    }

    private static Claim claim(Lease lease, KeyLimits limits) {
        return new Claim(lease, limits, ZoneOffset.UTC, "opus", 0, TTL);
    }

    private Instant grant(Lease lease, KeyLimits limits) {
        Decision decision = relay.limits().claim(claim(lease, limits));
        assertThat(decision).isInstanceOf(Decision.Granted.class);
        return ((Decision.Granted) decision).at();
    }

    private Refusal refusal(String exchangeId, KeyLimits limits) {
        return ((Decision.Refused) relay.limits().claim(claim(new Lease("k", exchangeId), limits))).refusal();
    }

    private static UsageRecord row(Lease lease, Instant at, long cost, long counted) {
        return new UsageRecord(
                lease.exchangeId() + "-1",
                lease.exchangeId(),
                "k",
                "a",
                "m",
                "opus",
                State.FINAL,
                new Tokens(1, 2, 3, 4, 5),
                0,
                cost,
                counted,
                0,
                0,
                false,
                at,
                at,
                at);
    }

    /** An exchange that is under way. */
    private UsageRecord opened(String exchangeId, KeyLimits limits, long cost, long counted) {
        Lease lease = new Lease("k", exchangeId);
        UsageRecord row = row(lease, grant(lease, limits), cost, counted);
        relay.usage().open(row.in(State.RESERVED));
        relay.usage().streaming(row.id());
        return row;
    }

    private void settled(UsageRecord row) {
        assertThat(relay.usage().settle(row)).isTrue();
        relay.limits().release(new Lease("k", row.exchangeId()), false);
    }

    private void awaitAway() {
        Wait.until("the outage is noticed", () -> relay.away().now());
    }

    private void awaitBack() {
        Wait.until(
                "Redis is back and has everything",
                () -> !relay.away().outage().lasts() && relay.away().journal().size() == 0 && relay.healthy());
    }

    @Test
    void rows_that_a_fail_over_lost_are_booked_once() throws Exception {
        try (RedisPeer replica = RedisPeer.start("--replicaof", "127.0.0.1", "" + peer.port())) {
            UsageRecord known = opened("x0", KeyLimits.NONE, 1, 1);
            Wait.until(
                    "the replica has it",
                    () -> !replica.ask("EXISTS", "relay:rows:x0").equals("0"));
            replica.ask("REPLICAOF", "NO", "ONE");
            UsageRecord lost = opened("x1", KeyLimits.NONE, 20, 30);
            UsageRecord refused = opened("x2", KeyLimits.NONE, 0, 0).in(State.VOID);
            road.leadTo(replica.port());
            Wait.until(
                    "the relay is with the replica",
                    () -> relay.link().answers()
                            && replica.ask("CLIENT", "LIST").lines().count() > 1);
            Wait.until("it is not away", () -> !relay.away().outage().lasts());
            for (UsageRecord row : new UsageRecord[] {known, lost, refused}) {
                settled(row);
            }
            awaitBack();
            LedgerFold fold = new LedgerFold();
            for (UsageRecord row : new UsageRecord[] {known, lost, refused}) {
                fold.opened(row);
                fold.settled(row);
                assertThat(relay.usage().find(row.id())).contains(row);
                assertThat(relay.usage().settle(row)).as("once").isFalse();
            }
            fold.assertIsWhatTheStoreSays(relay.usage(), ZoneOffset.UTC);
            Wait.until(
                    "nothing is held",
                    () -> replica.ask("KEYS", "relay:lease:*").isEmpty());
            assertThat(relay.limits().reap()).isZero();
            assertThat(relay.limits().use("k", budget(100), ZoneOffset.UTC).totalNanoUsd())
                    .isEqualTo(31);
        }
    }

    private static KeyLimits budget(long total) {
        return KeyLimits.NONE.withBudgets(new Budgets(BudgetMode.STANDARD, 0, total, Budgets.Weekly.NONE, null));
    }

    @Test
    void what_was_under_way_when_it_failed_is_sent_again() throws Exception {
        peer.ask("HSET", "claude_console_account:a1", "id", "a1");
        ObjectId message = new ObjectId(ObjectKind.MESSAGE, "msg_1");
        peer.freeze();
        relay.sessions().keep("k", "s1", "a1", TTL);
        relay.sessions().keepForAll("k", "s2", "common", "a1", TTL);
        relay.objects().made("k", Set.of(message), new Maker("a1", null));
        awaitAway();
        relay.sessions().keepForAll("k", "s3", "common3", "a1", TTL);
        Wait.until(
                "the commands have failed",
                () -> relay.sessions().account("k", "s2").isPresent()
                        && relay.away().outage().lasting().compareTo(Duration.ofMillis(600)) > 0);
        // Whatever was in its socket is gone with it.
        peer.kill();
        peer.restart();
        awaitBack();
        try (RedisRelay other = RedisRelay.of(peer.address(), AwayTerms.IN_MEMORY, InstantSource.system())) {
            assertThat(other.sessions().account("k", "s1")).contains("a1");
            assertThat(other.sessions().account("k", "s2")).contains("a1");
            assertThat(other.objects().maker("k", message)).contains(new Maker("a1", null));
        }
        assertThat(peer.ask("GET", "unified_claude_session_mapping:common")).contains("a1");
        assertThat(peer.ask("GET", "unified_claude_session_mapping:common3")).contains("a1");
    }

    @Test
    void an_object_or_session_that_redis_does_not_take_holds_up_nobody() {
        peer.ask("SET", "relay:objects:k:file", "no hash");
        peer.ask("SET", "relay:sessions:k", "no hash");
        peer.freeze();
        relay.objects().made("k", Set.of(new ObjectId(ObjectKind.FILE, "file_1")), new Maker("a1", null));
        relay.sessions().keep("k", "s1", "a1", TTL);
        relay.objects().made("k2", Set.of(new ObjectId(ObjectKind.FILE, "file_2")), new Maker("a1", null));
        awaitAway();
        peer.thaw();
        awaitBack();
        assertThat(peer.ask("HLEN", "relay:objects:k2:file")).isEqualTo("1");
        Wait.until(
                "nobody asks any more",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("relay-away")));
        relay.sessions().forget("k", "s1");
        peer.freeze();
        relay.sessions().forget("k", "s1");
        peer.thaw();
    }

    @Test
    void a_clock_that_is_set_back_changes_nothing() {
        peer.freeze();
        assertThat(relay.away().noticed()).isTrue();
        ahead.set(Duration.ofHours(-2));
        Instant at = grant(LEASE, KeyLimits.NONE);
        assertThat(at).isAfter(Instant.now().minusSeconds(60));
        relay.limits().release(LEASE, false);
        peer.thaw();
        awaitBack();
    }

    @Test
    void an_outage_is_over_though_nothing_waits_and_the_clock_went_back() {
        peer.freeze();
        assertThat(relay.away().noticed()).isTrue();
        ahead.set(Duration.ofHours(-2));
        Wait.until("it was asked in vain", () -> relay.away().outage().lasting().compareTo(Duration.ofMillis(600)) > 0);
        peer.thaw();
        Wait.until("it is back", () -> !relay.away().now());
    }

    @Test
    void a_budget_counts_though_a_claim_was_refused_before_it_was_looked_at() {
        KeyLimits limits = budget(20).withConcurrency(1);
        settled(opened("x1", limits, 5, 5));
        Wait.until(
                "its place is free",
                () -> relay.limits().use("k", limits, ZoneOffset.UTC).leases() == 0);
        UsageRecord running = opened("x2", limits, 6, 6);
        assertThat(refusal("x3", limits).limit()).isEqualTo(Refusal.Limit.CONCURRENCY);
        peer.freeze();
        settled(running);
        settled(opened("x4", limits, 9, 9));
        assertThat(refusal("x5", limits)).returns(Refusal.Limit.TOTAL_BUDGET, Refusal::limit);
        peer.thaw();
        awaitBack();
    }

    @Test
    void budgets_go_on_with_what_counts_of_a_row_and_not_with_its_price() {
        KeyLimits limits = budget(20);
        settled(opened("x1", limits, 1, 5));
        peer.freeze();
        settled(opened("x2", limits, 30, 5));
        settled(opened("x3", limits, 1, 10));
        assertThat(refusal("x4", limits)).returns(Refusal.Limit.TOTAL_BUDGET, Refusal::limit);
        peer.thaw();
        awaitBack();
        assertThat(relay.limits().use("k", limits, ZoneOffset.UTC).totalNanoUsd())
                .isEqualTo(20);
        assertThat(relay.usage().totals().costNanoUsd()).isEqualTo(32);
    }
}
