package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.limit.BudgetPeriod;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Refusal;
import org.ccrelayer.limit.Refusal.Cause;
import org.ccrelayer.limit.Refusal.Limit;
import org.ccrelayer.usage.UsageRecord;
import org.jspecify.annotations.Nullable;

/**
 * What one relay key holds and used on this relay alone, and what Redis said last that is left of its budgets. Moments are by
 * Redis's clock, as far as it is known. Safe for concurrent use.
 */
final class LocalKey {
    /** Nothing limits it. */
    static final long UNLIMITED = Long.MAX_VALUE;

    private final Map<String, Held> leases = new HashMap<>();
    private final Map<String, Long> left = new HashMap<>();
    private final Set<String> guessed = new HashSet<>();
    private KeyLimits limits = KeyLimits.NONE;
    private Instant seen;
    private Instant windowFrom = Instant.MIN;
    private long requests;
    private long tokens;
    private long cost;

    /**
     * An exchange that this relay let in by itself.
     *
     * @param at when
     */
    record LetIn(Claim claim, Instant at) {}

    /**
     * An exchange that runs.
     *
     * @param end when its lease runs out
     * @param letIn set where Redis was not asked
     */
    private record Held(Instant end, @Nullable LetIn letIn) {
        boolean over(Instant now) {
            return !now.isBefore(end);
        }
    }

    LocalKey(Instant now) {
        seen = now;
    }

    /** Somebody asks with it. */
    synchronized LocalKey seen(Instant now) {
        seen = now;
        return this;
    }

    /** What stands in the way of a claim that Redis cannot decide, by this relay's count. */
    synchronized Optional<Refusal> refusal(Claim claim, Instant now) {
        limits = claim.limits();
        return fullHouse(now).or(() -> fullWindow(limits.rate(), now));
    }

    private Optional<Refusal> fullHouse(Instant now) {
        leases.values().removeIf(held -> held.over(now));
        return full(Limit.CONCURRENCY, limits.concurrency(), leases.size(), null);
    }

    private Optional<Refusal> fullWindow(RateLimit rate, Instant now) {
        if (!rate.active() || !runs(rate, now)) {
            return Optional.empty();
        }
        Duration ends = Duration.between(now, windowFrom.plus(length(rate)));
        return full(Limit.WINDOW_REQUESTS, rate.requests(), requests, ends)
                .or(() -> full(Limit.WINDOW_TOKENS, rate.tokens(), tokens, ends))
                .or(() -> full(Limit.WINDOW_COST, rate.costNanoUsd(), cost, ends));
    }

    private static Optional<Refusal> full(Limit limit, long value, long current, @Nullable Duration frees) {
        return value > 0 && current >= value
                ? Optional.of(new Refusal(limit, Cause.USED_UP, value, current, 0, frees))
                : Optional.empty();
    }

    private boolean runs(RateLimit rate, Instant now) {
        return !now.isBefore(windowFrom) && Duration.between(windowFrom, now).compareTo(length(rate)) < 0;
    }

    private static Duration length(RateLimit rate) {
        return Duration.ofMinutes(rate.windowMinutes());
    }

    /** The budget that has nothing left for a claim. Which one it is nobody knows here; the smallest that counts is named. */
    synchronized Optional<Refusal> spent(Claim claim, Instant now) {
        Budgets budgets = claim.limits().budgets();
        if (!budgets.active()) {
            return Optional.empty();
        }
        if (!left.containsKey(claim.family())) {
            left.put(claim.family(), guess(budgets, claim.family()));
            guessed.add(claim.family());
        }
        return left.get(claim.family()) > 0
                ? Optional.empty()
                : smallest(budgets, claim.family()).map(limit -> usedUp(limit, claim, now));
    }

    private static Refusal usedUp(Limit limit, Claim claim, Instant now) {
        long value = value(limit, claim.limits().budgets(), claim.family());
        Duration frees =
                switch (limit) {
                    case DAILY_BUDGET ->
                        Duration.between(
                                now, BudgetPeriod.day(now, claim.zone()).end());
                    case WEEKLY_BUDGET ->
                        Duration.between(
                                now,
                                BudgetPeriod.week(
                                                now,
                                                claim.zone(),
                                                claim.limits().budgets().weekly())
                                        .end());
                    default -> null;
                };
        return new Refusal(limit, Cause.USED_UP, value, value, 0, frees);
    }

    /** What is left for a family of which Redis did not say it: the smallest budget, and no more than it said of others. */
    private long guess(Budgets budgets, String family) {
        long most = smallest(budgets, family)
                .map(limit -> value(limit, budgets, family))
                .orElse(UNLIMITED);
        return left.values().stream().mapToLong(Long::longValue).reduce(most, Math::min);
    }

    private static Optional<Limit> smallest(Budgets budgets, String family) {
        return Stream.of(Limit.DAILY_BUDGET, Limit.TOTAL_BUDGET, Limit.WEEKLY_BUDGET)
                .filter(limit -> value(limit, budgets, family) != UNLIMITED)
                .min(Comparator.comparingLong(limit -> value(limit, budgets, family)));
    }

    /** A budget that does not count for the family is none. */
    private static long value(Limit limit, Budgets budgets, String family) {
        long nanoUsd =
                switch (limit) {
                    case DAILY_BUDGET -> budgets.dailyNanoUsd();
                    case TOTAL_BUDGET -> budgets.totalNanoUsd();
                    default ->
                        budgets.weekly().counts(family) ? budgets.weekly().nanoUsd() : 0;
                };
        return nanoUsd > 0 ? nanoUsd : UNLIMITED;
    }

    /**
     * Redis decided a claim.
     *
     * @param nanoUsd what it said is left of the tightest budget; below zero where there is none, null where it did not say
     */
    synchronized void told(Claim claim, @Nullable Long nanoUsd) {
        limits = claim.limits();
        left.keySet().removeAll(guessed);
        guessed.clear();
        if (nanoUsd != null) {
            left.put(claim.family(), nanoUsd < 0 ? UNLIMITED : nanoUsd);
        }
    }

    /** Redis let an exchange in. */
    void admitted(Claim claim, Instant now) {
        admitted(claim, now, null);
    }

    /** An exchange was let in without Redis. */
    void admittedHere(Claim claim, Instant now) {
        admitted(claim, now, new LetIn(claim, now));
    }

    private synchronized void admitted(Claim claim, Instant now, @Nullable LetIn letIn) {
        leases.put(claim.lease().exchangeId(), new Held(now.plus(claim.ttl()), letIn));
        RateLimit rate = claim.limits().rate();
        if (rate.active()) {
            if (!runs(rate, now)) {
                windowFrom = now;
                requests = 0;
                tokens = 0;
                cost = 0;
            }
            requests++;
        }
    }

    /** An exchange runs on; one that gave its place back already does not. */
    synchronized void renewed(String exchangeId, Instant end) {
        leases.computeIfPresent(exchangeId, (id, before) -> new Held(end, before.letIn()));
    }

    /** What runs that was let in without Redis. */
    synchronized List<LetIn> letIn() {
        return leases.values().stream()
                .flatMap(held -> Stream.ofNullable(held.letIn()))
                .toList();
    }

    /** How an exchange that runs was let in, if that was without Redis. */
    synchronized Optional<LetIn> letIn(String exchangeId) {
        return Optional.ofNullable(leases.get(exchangeId)).map(Held::letIn);
    }

    /** An exchange ended. */
    synchronized void released(String exchangeId, boolean free) {
        if (leases.remove(exchangeId) != null && free) {
            requests = Math.max(0, requests - 1);
        }
    }

    /** A row was settled by this relay. Its cost is taken off whatever is left, be it counted there or not. */
    synchronized void settled(UsageRecord row) {
        if (row.state() == UsageRecord.State.VOID) {
            return;
        }
        long counted = counted(row);
        left.replaceAll((family, before) -> before == UNLIMITED ? before : before - counted);
        if (!row.admittedAt().isBefore(windowFrom)) {
            tokens += row.tokens().prompt() + row.tokens().output();
            cost += counted;
        }
    }

    /** What limits count of a row. */
    private static long counted(UsageRecord row) {
        return row.countedNanoUsd();
    }

    /** Whether nobody asked for so long, and nothing runs. */
    synchronized boolean idle(Instant now, Duration forSoLong) {
        leases.values().removeIf(held -> held.over(now));
        return leases.isEmpty() && Duration.between(seen, now).compareTo(forSoLong) > 0;
    }

    /** What it may do while Redis is away; empty where nobody asked for the time given, or nothing is let in. */
    synchronized Optional<Room> room(Instant now, Duration forSoLong) {
        if (limits.strict() || Duration.between(seen, now).compareTo(forSoLong) > 0) {
            return Optional.empty();
        }
        boolean counted = limits.concurrency() > 0 || limits.rate().active();
        boolean bounded = limits.budgets().active() && limits.budgets().mode() != BudgetMode.SHADOW;
        long least = bounded ? guess(limits.budgets(), "") : UNLIMITED;
        return Optional.of(new Room(counted, least == UNLIMITED ? UNLIMITED : Math.max(0, least)));
    }

    /**
     * What a relay key may do while Redis is away.
     *
     * @param counted whether concurrency or a window limits it
     * @param left what its budgets let it spend, in billionths of a dollar; {@link #UNLIMITED} where none does
     */
    record Room(boolean counted, long left) {}
}
