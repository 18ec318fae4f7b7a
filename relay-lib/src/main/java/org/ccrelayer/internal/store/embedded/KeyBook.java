package org.ccrelayer.internal.store.embedded;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.limit.BudgetPeriod;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Decision;
import org.ccrelayer.limit.LimitUse;
import org.ccrelayer.limit.Refusal;
import org.ccrelayer.limit.Refusal.Cause;
import org.ccrelayer.limit.Refusal.Limit;
import org.ccrelayer.usage.UsageRecord;
import org.jspecify.annotations.Nullable;

/** One relay key's limits at work: who runs, what the window holds, what was spent. Guarded by the book's lock. */
final class KeyBook {
    /** How long a row may be open whose exchange lost its lease. */
    private static final Duration ORPHANS_LIFE = Duration.ofMinutes(10);

    private static final List<Cause> POINTLESS_FIRST = List.of(Cause.USED_UP, Cause.TOO_LITTLE_LEFT, Cause.RESERVED);

    private final Map<String, Held> leases = new LinkedHashMap<>();
    private final Spending spending = new Spending();
    private Window window = Window.NONE;
    private long shadowed;

    /** No place runs out before. */
    private Instant firstExpiry = Instant.MAX;

    /** One budget at one moment, in billionths of a dollar as budgets count them. */
    private record Account(
            Limit limit,
            long value,
            long spent,
            long reserved,
            @Nullable Instant end) {}

    Decision claim(Claim claim, Instant now) {
        Optional<Refusal> refusal = fullHouse(claim.limits(), now)
                .or(() -> fullWindow(claim.limits().rate(), now));
        if (refusal.isPresent()) {
            return new Decision.Refused(refusal.get());
        }
        Optional<Refusal> budget = overBudget(claim, now);
        if (budget.isPresent() && claim.limits().budgets().mode() != BudgetMode.SHADOW) {
            return new Decision.Refused(budget.get());
        }
        shadowed += budget.isPresent() ? 1 : 0;
        giveUpPlaces(now);
        Held held = new Held(now, claim.family(), claim.limits().strict() ? claim.worstNanoUsd() : 0);
        renew(held, claim.ttl(), now);
        leases.put(claim.lease().exchangeId(), held);
        if (claim.limits().rate().active()) {
            window = window.at(now, claim.limits().rate()).plusRequest();
        }
        return new Decision.Granted(now, budget.orElse(null));
    }

    private Optional<Refusal> fullHouse(KeyLimits limits, Instant now) {
        int running = limits.concurrency() > 0 ? running(now) : 0;
        return limits.concurrency() > 0 && running >= limits.concurrency()
                ? Optional.of(new Refusal(Limit.CONCURRENCY, Cause.USED_UP, limits.concurrency(), running, 0, null))
                : Optional.empty();
    }

    private int running(Instant now) {
        int running = 0;
        for (Held held : leases.values()) {
            running += held.runsAt(now) ? 1 : 0;
        }
        return running;
    }

    /** A place that ran out may be another's from now on, even if the clock goes back. */
    private void giveUpPlaces(Instant now) {
        if (now.isBefore(firstExpiry)) {
            return;
        }
        firstExpiry = Instant.MAX;
        for (Held held : leases.values()) {
            if (!held.runsAt(now)) {
                held.giveUpPlace();
            } else if (held.expiry().isBefore(firstExpiry)) {
                firstExpiry = held.expiry();
            }
        }
    }

    private Optional<Refusal> fullWindow(RateLimit rate, Instant now) {
        if (!rate.active()) {
            return Optional.empty();
        }
        Window at = window.at(now, rate);
        Duration left = Duration.between(now, at.end(rate));
        return full(Limit.WINDOW_REQUESTS, rate.requests(), at.requests(), left)
                .or(() -> full(Limit.WINDOW_TOKENS, rate.tokens(), at.tokens(), left))
                .or(() -> full(Limit.WINDOW_COST, rate.costNanoUsd(), at.costNanoUsd(), left));
    }

    private static Optional<Refusal> full(Limit limit, long value, long current, Duration left) {
        return value > 0 && current >= value
                ? Optional.of(new Refusal(limit, Cause.USED_UP, value, current, 0, left))
                : Optional.empty();
    }

    /** What makes waiting most pointless is told: a budget that is used up, then the one with least left. */
    private Optional<Refusal> overBudget(Claim claim, Instant now) {
        long worst = claim.limits().strict() ? claim.worstNanoUsd() : 0;
        return accounts(claim, now).stream()
                .flatMap(account -> refusal(account, cause(account, worst), now).stream())
                .min(Comparator.comparing((Refusal refusal) -> POINTLESS_FIRST.indexOf(refusal.cause()))
                        .thenComparing(KeyBook::leftIfTooLittle));
    }

    private static long leftIfTooLittle(Refusal refusal) {
        return refusal.cause() == Cause.TOO_LITTLE_LEFT ? refusal.left() : 0;
    }

    private static Optional<Refusal> refusal(Account account, @Nullable Cause cause, Instant now) {
        if (cause == null) {
            return Optional.empty();
        }
        Duration freesIn = account.end() == null ? null : Duration.between(now, account.end());
        return Optional.of(
                new Refusal(account.limit(), cause, account.value(), account.spent(), account.reserved(), freesIn));
    }

    private static @Nullable Cause cause(Account account, long worst) {
        long left = account.value() - account.spent();
        if (left <= 0) {
            return Cause.USED_UP;
        }
        if (worst > left) {
            return Cause.TOO_LITTLE_LEFT;
        }
        return worst > left - account.reserved() && worst > 0 ? Cause.RESERVED : null;
    }

    /** The budgets that a claim counts against, as they are at that moment. */
    private List<Account> accounts(Claim claim, Instant at) {
        Budgets budgets = claim.limits().budgets();
        List<Account> accounts = new ArrayList<>(3);
        if (budgets.dailyNanoUsd() > 0) {
            BudgetPeriod day = BudgetPeriod.day(at, claim.zone());
            long reserved = leases.values().stream()
                    .mapToLong(held -> held.reservedIn(day))
                    .sum();
            accounts.add(
                    new Account(Limit.DAILY_BUDGET, budgets.dailyNanoUsd(), spending.inDay(day), reserved, day.end()));
        }
        if (budgets.totalNanoUsd() > 0) {
            accounts.add(new Account(Limit.TOTAL_BUDGET, budgets.totalNanoUsd(), spending.total(), reserved(), null));
        }
        Budgets.Weekly weekly = budgets.weekly();
        if (weekly.nanoUsd() > 0 && weekly.counts(claim.family())) {
            BudgetPeriod week = BudgetPeriod.week(at, claim.zone(), weekly);
            long reserved = leases.values().stream()
                    .mapToLong(held -> held.reservedIn(week, weekly))
                    .sum();
            accounts.add(new Account(
                    Limit.WEEKLY_BUDGET,
                    weekly.nanoUsd(),
                    spending.inWeek(week, weekly.scope()),
                    reserved,
                    week.end()));
        }
        return accounts;
    }

    private long reserved() {
        return leases.values().stream().mapToLong(Held::reserved).sum();
    }

    /** Reserves the worst case once more, in the periods in which the exchange was let in. */
    boolean cover(Claim claim) {
        if (!claim.limits().strict()) {
            return true;
        }
        Held held = leases.get(claim.lease().exchangeId());
        if (held == null) {
            return false;
        }
        long more = claim.worstNanoUsd() - held.reserved();
        if (more <= 0) {
            return true;
        }
        for (Account account : accounts(claim, held.admittedAt())) {
            if (more > account.value() - account.spent() - account.reserved()) {
                return false;
            }
        }
        held.reserve(claim.worstNanoUsd());
        return true;
    }

    boolean renew(String exchangeId, Duration ttl, int concurrency, Instant now) {
        Held held = leases.get(exchangeId);
        if (held == null) {
            return false;
        }
        if (!held.runsAt(now) && concurrency > 0 && running(now) >= concurrency) {
            // Another one took its place; it goes on without one, and what it uses is booked all the same.
            held.renew(Instant.MIN, now.plus(ttl.multipliedBy(2)));
            return false;
        }
        giveUpPlaces(now);
        held.takePlace();
        renew(held, ttl, now);
        return true;
    }

    private void renew(Held held, Duration ttl, Instant now) {
        Instant expiry = now.plus(ttl);
        firstExpiry = expiry.isBefore(firstExpiry) ? expiry : firstExpiry;
        held.renew(expiry, now.plus(ttl.multipliedBy(2)));
    }

    void release(String exchangeId, boolean free) {
        Held held = leases.get(exchangeId);
        if (held == null) {
            return;
        }
        if (held.openRows().isEmpty()) {
            leases.remove(exchangeId);
        } else {
            // A row that nobody settled keeps its reservation until it is booked as lost.
            held.leavePlace();
        }
        if (free) {
            window = window.minusRequest(held.admittedAt());
        }
    }

    /** The exchanges that nobody renewed for so long that their relay must be gone. */
    List<String> lost(Instant now) {
        return leases.entrySet().stream()
                .filter(lease -> lease.getValue().lostAt(now))
                .map(Map.Entry::getKey)
                .toList();
    }

    Optional<Held> held(String exchangeId) {
        return Optional.ofNullable(leases.get(exchangeId));
    }

    /** A row was opened; where its exchange holds nothing any more, somebody must still look after the row. */
    void opened(UsageRecord row, Instant now) {
        leases.computeIfAbsent(row.exchangeId(), none -> Held.withoutPlace(row, now.plus(ORPHANS_LIFE)))
                .openRows()
                .add(row.id());
    }

    void book(UsageRecord row) {
        boolean counts = row.state() != UsageRecord.State.VOID;
        if (counts) {
            spending.add(row.admittedAt(), row.family(), row.countedNanoUsd());
            long tokens = row.tokens().prompt() + row.tokens().output();
            window = window.plusUse(row.admittedAt(), tokens, row.countedNanoUsd());
        }
        held(row.exchangeId()).ifPresent(held -> {
            held.booked(counts ? row.countedNanoUsd() : 0);
            held.openRows().remove(row.id());
            if (held.withoutPlace() && held.openRows().isEmpty()) {
                leases.remove(row.exchangeId());
            }
        });
    }

    LimitUse use(KeyLimits limits, ZoneOffset zone, Instant now) {
        Window at = limits.rate().active() ? window.at(now, limits.rate()) : Window.NONE;
        Budgets.Weekly weekly = limits.budgets().weekly();
        return new LimitUse(
                running(now),
                reserved(),
                at.requests(),
                at.tokens(),
                at.costNanoUsd(),
                spending.inDay(BudgetPeriod.day(now, zone)),
                spending.total(),
                spending.inWeek(BudgetPeriod.week(now, zone, weekly), weekly.scope()),
                shadowed);
    }

    Spending spending() {
        return spending;
    }

    /** What is to be kept beside the rows. */
    Kept kept() {
        return new Kept(window, shadowed);
    }

    /** Puts back what was kept. */
    void restore(Kept kept) {
        window = kept.window();
        shadowed = kept.shadowed();
    }

    /**
     * What does not follow from the rows. Immutable.
     *
     * @param window the running window
     * @param shadowed how many requests would have been refused
     */
    record Kept(Window window, long shadowed) {
        /** Appends it to the writer. */
        RecordWriter write(RecordWriter writer) {
            return writer.moment(window.start())
                    .number(window.requests())
                    .number(window.tokens())
                    .number(window.costNanoUsd())
                    .number(shadowed);
        }

        /** What {@link #write} wrote. */
        static Kept read(RecordReader reader) {
            Window window = new Window(reader.moment(), reader.number(), reader.number(), reader.number());
            return new Kept(window, reader.number());
        }
    }
}
