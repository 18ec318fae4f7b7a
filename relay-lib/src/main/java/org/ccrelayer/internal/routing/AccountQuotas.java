package org.ccrelayer.internal.routing;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountStatus;
import org.ccrelayer.account.AccountStore;
import org.ccrelayer.limit.BudgetPeriod;
import org.ccrelayer.usage.UsagePeriod;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageStore;
import org.ccrelayer.usage.UsageSubject;
import org.ccrelayer.usage.UsageTotals;
import org.jspecify.annotations.Nullable;

/**
 * What accounts with a daily quota have cost in their present day, which begins with the full hour of their reset time: what the
 * ledger said when it was last asked, and what this relay settled since. What other relays settled since is missing, and what runs;
 * what is settled while the ledger is asked counts twice until it is asked again. Asking for it never blocks. Safe for concurrent use.
 */
public final class AccountQuotas {
    private final AccountStore accounts;
    private final UsageStore ledger;
    private final InstantSource clock;
    private final ZoneOffset zone;
    private final Map<String, Spent> spent = new ConcurrentHashMap<>();

    /** Knows nothing yet; {@code zone} is where days begin, and the ledger's hours. */
    public AccountQuotas(AccountStore accounts, UsageStore ledger, InstantSource clock, ZoneOffset zone) {
        this.accounts = requireNonNull(accounts, "accounts");
        this.ledger = requireNonNull(ledger, "ledger");
        this.clock = requireNonNull(clock, "clock");
        this.zone = requireNonNull(zone, "zone");
    }

    /** Asks the ledger; to be called every few seconds. Blocks. */
    public void refresh() {
        Set<String> limited = new HashSet<>();
        for (Account account : accounts.listQuietly()) {
            if (limits(account)) {
                limited.add(account.id());
                refresh(account);
            }
        }
        spent.keySet().retainAll(limited);
    }

    private void refresh(Account account) {
        BudgetPeriod day = day(account);
        Spent known = known(account, day);
        long own = known.own(day);
        long all = ledger
                .history(UsageSubject.account(account.id()), UsagePeriod.HOUR)
                .subMap(UsagePeriod.HOUR.name(day.start(), zone), UsagePeriod.HOUR.name(day.end(), zone))
                .values()
                .stream()
                .mapToLong(UsageTotals::costNanoUsd)
                .sum();
        known.read(day, all - own);
    }

    /** A row was booked by this relay. */
    public void settled(UsageRecord row) {
        Spent known = spent.get(row.accountId());
        if (known != null) {
            known.add(row.admittedAt(), row.costNanoUsd());
        }
    }

    /** Until when the account's quota keeps it out; null where it does not. */
    @Nullable
    Instant until(Account account) {
        if (!limits(account)) {
            return null;
        }
        BudgetPeriod day = day(account);
        return known(account, day).state().usedUp() ? day.end() : null;
    }

    /** How far an account's quota is used; empty where it has none, as far as is known. */
    Optional<AccountStatus.Quota> of(String accountId) {
        return Optional.ofNullable(spent.get(accountId)).map(Spent::state);
    }

    private static boolean limits(Account account) {
        return account.terms().dailyQuotaNanoUsd() > 0;
    }

    private Spent known(Account account, BudgetPeriod day) {
        Spent known = spent.computeIfAbsent(account.id(), none -> new Spent(day));
        known.begin(day, account.terms().dailyQuotaNanoUsd());
        return known;
    }

    private BudgetPeriod day(Account account) {
        LocalTime hour = LocalTime.of(account.terms().quotaResetAt().getHour(), 0);
        OffsetDateTime now = clock.instant().atOffset(zone);
        OffsetDateTime today = now.with(hour);
        OffsetDateTime start = today.isAfter(now) ? today.minusDays(1) : today;
        return new BudgetPeriod(start.toInstant(), start.plusDays(1).toInstant());
    }

    /** What one account has cost in a day, in billionths of a dollar. */
    private static final class Spent {
        private BudgetPeriod day;
        private long quota;
        private long own;
        private long beforeAndElsewhere;

        Spent(BudgetPeriod day) {
            this.day = day;
        }

        /** Begins a day anew, unless it is the one that has begun. */
        synchronized void begin(BudgetPeriod present, long quotaNanoUsd) {
            quota = quotaNanoUsd;
            if (!day.equals(present)) {
                day = present;
                own = 0;
                beforeAndElsewhere = 0;
            }
        }

        synchronized long own(BudgetPeriod asked) {
            return day.equals(asked) ? own : 0;
        }

        synchronized void read(BudgetPeriod asked, long nanoUsd) {
            if (day.equals(asked)) {
                beforeAndElsewhere = nanoUsd;
            }
        }

        synchronized void add(Instant admittedAt, long nanoUsd) {
            own += day.holds(admittedAt) ? nanoUsd : 0;
        }

        synchronized AccountStatus.Quota state() {
            return new AccountStatus.Quota(quota, own + beforeAndElsewhere, day.end());
        }
    }
}
