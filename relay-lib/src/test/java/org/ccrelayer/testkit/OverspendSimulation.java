package org.ccrelayer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.limit.BudgetPeriod;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Decision;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.limit.LimitUse;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.usage.Tokens;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageRecord.State;

/**
 * Three relays on one store, as many requests, and whatever can go wrong between two of their calls: relays crash, clocks
 * jump, leases run out. One thread takes one step after the other in an order drawn from a seed, and after each step looks
 * whether anybody overspent. The same seed does the same again.
 */
public final class OverspendSimulation {
    /** What something costs is another figure than what counts of it, and no limit may mix them up. */
    private static final long PRICE_PER_COUNTED = 3;

    private static final Duration TTL = Duration.ofMinutes(5);
    private static final int RELAYS = 3;
    private static final int MOST_STEPS = 20_000;
    private static final ZoneOffset ZONE = ZoneOffset.UTC;

    private final Random random;
    private final MovedClock clock;
    private final RelayStore store;
    private final KeyLimits limits;
    private final boolean strict;
    private final LedgerFold fold = new LedgerFold();
    private final List<List<Request>> relays = new ArrayList<>();
    private final List<Request> abandoned = new ArrayList<>();
    private int toCome;
    private int began;
    private Instant latest;

    /** What happens under a seed, on an empty store that goes by {@code clock}. */
    public OverspendSimulation(long seed, RelayStore store, MovedClock clock) {
        this.random = new Random(seed);
        this.clock = clock;
        this.latest = clock.instant();
        this.store = store;
        this.strict = random.nextInt(4) > 0;
        this.limits = drawLimits();
        this.toCome = 1 + random.nextInt(64);
        for (int relay = 0; relay < RELAYS; relay++) {
            relays.add(new ArrayList<>());
        }
    }

    private KeyLimits drawLimits() {
        Budgets.Weekly weekly =
                new Budgets.Weekly(random.nextBoolean() ? 0 : amount(60), "opus", 1 + random.nextInt(7), 5);
        long daily = random.nextBoolean() ? 0 : amount(40);
        Budgets budgets =
                new Budgets(strict ? BudgetMode.STRICT : BudgetMode.STANDARD, daily, amount(120), weekly, null);
        RateLimit rate = random.nextBoolean() ? RateLimit.NONE : new RateLimit(30, 1 + random.nextInt(40), 0, 0);
        return KeyLimits.NONE
                .withConcurrency(random.nextBoolean() ? 0 : 1 + random.nextInt(6))
                .withRate(rate)
                .withBudgets(budgets);
    }

    private long amount(int most) {
        return 1_000L * (1 + random.nextInt(most));
    }

    /** One request on its way; where it is decides what its next step does. */
    private final class Request {
        final Claim claim;
        Instant admittedAt = Instant.MIN;
        Instant runsUntil = Instant.MIN;
        long reserved;
        int attempts;
        UsageRecord open;
        boolean done;
        boolean held;

        Request() {
            String family = random.nextInt(3) == 0 ? "sonnet" : "opus";
            Lease lease = new Lease("k", "x" + began++);
            claim = new Claim(lease, limits, ZONE, family, strict ? amount(15) : 0, TTL);
        }

        void step() {
            if (!held) {
                claim();
            } else if (open == null && mayTry()) {
                open();
            } else if (open == null) {
                release();
            } else if (open.state() == State.RESERVED && random.nextBoolean()) {
                store.usage().streaming(open.id());
                open = open.in(State.STREAMING);
            } else {
                settle();
            }
        }

        private void claim() {
            Decision decision = store.limits().claim(claim);
            if (decision instanceof Decision.Granted granted) {
                held = true;
                admittedAt = granted.at();
                reserved = claim.worstNanoUsd();
                runsUntil = granted.at().plus(TTL);
                othersGiveUpTheirPlaces();
            } else {
                done = true;
            }
        }

        /** Its relay did not renew it for so long that its place and what it had reserved are gone, but for an open row. */
        private void lost() {
            runsUntil = Instant.MIN;
            reserved = open == null ? 0 : reserved;
        }

        private boolean mayTry() {
            if (attempts >= 3 || attempts > 0 && random.nextBoolean()) {
                return false;
            }
            boolean covered = store.limits().cover(claim);
            if (covered && strict) {
                reserved = claim.worstNanoUsd();
            }
            return covered;
        }

        private void open() {
            open = row(State.RESERVED, "opus", 0);
            attempts++;
            store.usage().open(open);
            fold.opened(open);
        }

        private void settle() {
            State state = State.values()[2 + random.nextInt(4)];
            long worst = strict ? claim.worstNanoUsd() : amount(15);
            long cost =
                    switch (state) {
                        case VOID -> 0;
                        case UNKNOWN -> open.reservedNanoUsd();
                        default -> random.nextLong(worst + 1);
                    };
            UsageRecord row = row(state, open.family(), cost);
            if (store.usage().settle(row)) {
                fold.settled(row);
                reserved = Math.max(0, reserved - cost);
            }
            assertThat(store.usage().settle(row)).as("a row is settled once").isFalse();
            open = null;
        }

        private UsageRecord row(State state, String family, long cost) {
            String id = claim.lease().exchangeId() + "-" + (state == State.RESERVED ? attempts + 1 : attempts);
            Instant now = clock.instant();
            return new UsageRecord(
                    id,
                    claim.lease().exchangeId(),
                    "k",
                    "account-" + attempts,
                    claim.family() + "-model",
                    claim.family(),
                    state,
                    state == State.VOID ? Tokens.NONE : new Tokens(cost, 1, 0, 2, 3),
                    0,
                    PRICE_PER_COUNTED * cost,
                    cost,
                    PRICE_PER_COUNTED * claim.worstNanoUsd(),
                    claim.worstNanoUsd(),
                    false,
                    admittedAt,
                    open == null ? now : open.startedAt(),
                    now);
        }

        private void release() {
            store.limits().release(claim.lease(), attempts == 0);
            reserved = 0;
            held = false;
            done = true;
        }
    }

    /** What was not renewed in time when another was let in has lost its place, even if the clock goes back. */
    private void othersGiveUpTheirPlaces() {
        Instant now = clock.instant();
        everybody().stream()
                .filter(request -> request.held && !now.isBefore(request.runsUntil))
                .forEach(request -> request.runsUntil = Instant.MIN);
    }

    private List<Request> everybody() {
        List<Request> all = new ArrayList<>(abandoned);
        relays.forEach(all::addAll);
        return all;
    }

    /** Runs to the end; fails where somebody overspent, ran too many at once, or left something behind. */
    public void run() {
        for (int step = 0; toCome > 0 || running(); step++) {
            assertThat(step).as("steps").isLessThan(MOST_STEPS);
            step();
            assertNobodyOverspent();
        }
        clock.moveTo(latest.plus(TTL.multipliedBy(3)));
        reap();
        assertAtRest();
    }

    private boolean running() {
        return relays.stream().anyMatch(requests -> !requests.isEmpty());
    }

    private void step() {
        int dice = random.nextInt(100);
        if (dice < 3) {
            crash();
        } else if (dice < 6) {
            jump();
        } else if (dice < 12) {
            keepAlive(relays.get(random.nextInt(RELAYS)));
        } else if (dice < 14) {
            reap();
        } else if (dice < 40 && toCome > 0) {
            toCome--;
            relays.get(random.nextInt(RELAYS)).add(new Request());
        } else {
            stepOne(relays.get(random.nextInt(RELAYS)));
        }
    }

    private void stepOne(List<Request> requests) {
        if (!requests.isEmpty()) {
            Request request = requests.get(random.nextInt(requests.size()));
            request.step();
            requests.removeIf(other -> other.done);
        }
    }

    /** A relay is gone between two of its calls, and another one stands in its place. */
    private void crash() {
        List<Request> requests = relays.get(random.nextInt(RELAYS));
        requests.stream().filter(request -> request.held).forEach(abandoned::add);
        requests.clear();
    }

    private void jump() {
        Duration by =
                switch (random.nextInt(6)) {
                    case 0 -> Duration.ofMinutes(random.nextInt(-20, 0));
                    case 1 -> Duration.ofHours(random.nextInt(30));
                    case 2 -> TTL;
                    default -> Duration.ofSeconds(random.nextInt(120));
                };
        clock.move(by);
        latest = clock.instant().isAfter(latest) ? clock.instant() : latest;
    }

    private void keepAlive(List<Request> requests) {
        for (Request request : requests) {
            if (request.held && store.limits().renew(request.claim.lease(), TTL, limits.concurrency())) {
                othersGiveUpTheirPlaces();
                request.runsUntil = clock.instant().plus(TTL);
            } else {
                request.runsUntil = Instant.MIN;
            }
        }
    }

    private void reap() {
        store.limits().reap();
        Instant now = clock.instant();
        everybody().stream()
                .filter(request -> request.held && !now.isBefore(request.runsUntil.plus(TTL)))
                .forEach(Request::lost);
        for (Request request : everybody()) {
            if (request.open != null) {
                store.usage()
                        .find(request.open.id())
                        .filter(row -> row.state().terminal())
                        .ifPresent(row -> reaped(request, row));
            }
        }
        if (use().leases() == 0 && use().reservedNanoUsd() == 0) {
            abandoned.removeIf(request -> request.open == null);
        }
    }

    private void reaped(Request request, UsageRecord row) {
        assertThat(row.state()).isEqualTo(State.UNKNOWN);
        assertThat(row.costNanoUsd()).isEqualTo(PRICE_PER_COUNTED * row.countedNanoUsd());
        fold.settled(row);
        request.reserved = Math.max(0, request.reserved - row.countedNanoUsd());
        request.open = null;
    }

    private LimitUse use() {
        return store.limits().use("k", limits, ZONE);
    }

    private void assertNobodyOverspent() {
        LimitUse use = use();
        if (limits.concurrency() > 0) {
            assertThat(use.leases()).as("leases").isLessThanOrEqualTo(limits.concurrency());
            Instant now = clock.instant();
            assertThat(everybody().stream()
                            .filter(request -> request.held && now.isBefore(request.runsUntil))
                            .count())
                    .as("requests that run")
                    .isLessThanOrEqualTo(limits.concurrency());
        }
        assertThat(use.totalNanoUsd()).as("spent altogether").isEqualTo(fold.spent());
        if (strict) {
            assertThat(fold.spent()
                            + everybody().stream()
                                    .mapToLong(request -> request.reserved)
                                    .sum())
                    .as("spent and reserved, by the requests' own figures")
                    .isLessThanOrEqualTo(limits.budgets().totalNanoUsd());
            assertThat(use.totalNanoUsd() + use.reservedNanoUsd())
                    .as("spent and reserved")
                    .isLessThanOrEqualTo(limits.budgets().totalNanoUsd());
            assertPeriods();
        }
    }

    /** By the simulation's own figures, for every day and week in which something happened. */
    private void assertPeriods() {
        Budgets.Weekly weekly = limits.budgets().weekly();
        Map<BudgetPeriod, Long> days = new HashMap<>();
        Map<BudgetPeriod, Long> weeks = new HashMap<>();
        fold.rows().forEach(row -> {
            days.merge(BudgetPeriod.day(row.admittedAt(), ZONE), row.countedNanoUsd(), Long::sum);
            long counted = weekly.counts(row.family()) ? row.countedNanoUsd() : 0;
            weeks.merge(BudgetPeriod.week(row.admittedAt(), ZONE, weekly), counted, Long::sum);
        });
        if (limits.budgets().dailyNanoUsd() > 0) {
            assertThat(days.values())
                    .allMatch(spent -> spent <= limits.budgets().dailyNanoUsd());
        }
        if (weekly.nanoUsd() > 0) {
            assertThat(weeks.values()).allMatch(spent -> spent <= weekly.nanoUsd());
        }
    }

    private void assertAtRest() {
        LimitUse use = use();
        assertThat(use.leases()).as("leases at rest").isZero();
        assertThat(use.reservedNanoUsd()).as("reservations at rest").isZero();
        assertThat(use.dailyNanoUsd()).isEqualTo(fold.spentIn(BudgetPeriod.day(clock.instant(), ZONE), "all"));
        Budgets.Weekly weekly = limits.budgets().weekly();
        assertThat(use.weeklyNanoUsd())
                .isEqualTo(fold.spentIn(BudgetPeriod.week(clock.instant(), ZONE, weekly), weekly.scope()));
        fold.assertIsWhatTheStoreSays(store.usage(), ZONE);
    }
}
