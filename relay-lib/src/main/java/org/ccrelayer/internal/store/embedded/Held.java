package org.ccrelayer.internal.store.embedded;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.limit.BudgetPeriod;
import org.ccrelayer.usage.UsageRecord;

/** What an exchange holds of its key's limits. Guarded by the book's lock. */
final class Held {
    private final Instant admittedAt;
    private final String family;
    private final Set<String> openRows = new HashSet<>(2);
    private long reserved;
    private Instant expiry;
    private Instant lostAt;
    private boolean withoutPlace;

    Held(Instant admittedAt, String family, long reserved) {
        this.admittedAt = admittedAt;
        this.family = family;
        this.reserved = reserved;
        this.expiry = admittedAt;
        this.lostAt = admittedAt;
    }

    /** What holds nothing but open rows. */
    static Held withoutPlace(UsageRecord row, Instant lostAt) {
        Held held = new Held(row.admittedAt(), row.family(), 0);
        held.renew(Instant.MIN, lostAt);
        held.withoutPlace = true;
        return held;
    }

    boolean withoutPlace() {
        return withoutPlace;
    }

    /** Holds nothing any more but open rows and what is reserved for them. */
    void leavePlace() {
        expiry = Instant.MIN;
        withoutPlace = true;
    }

    Instant expiry() {
        return expiry;
    }

    void takePlace() {
        withoutPlace = false;
    }

    Instant admittedAt() {
        return admittedAt;
    }

    long reserved() {
        return reserved;
    }

    Set<String> openRows() {
        return openRows;
    }

    void renew(Instant newExpiry, Instant newLostAt) {
        expiry = newExpiry;
        lostAt = newLostAt;
    }

    /** Counts no longer as running, until it is renewed. */
    void giveUpPlace() {
        expiry = Instant.MIN;
    }

    boolean runsAt(Instant now) {
        return now.isBefore(expiry);
    }

    /** Whether nobody renewed it for so long that its relay must be gone. */
    boolean lostAt(Instant now) {
        return !now.isBefore(lostAt);
    }

    void reserve(long nanoUsd) {
        reserved = nanoUsd;
    }

    /** What was booked is no longer to be expected. */
    void booked(long nanoUsd) {
        reserved = Math.max(0, reserved - nanoUsd);
    }

    long reservedIn(BudgetPeriod period) {
        return period.holds(admittedAt) ? reserved : 0;
    }

    long reservedIn(BudgetPeriod period, Budgets.Weekly weekly) {
        return weekly.counts(family) ? reservedIn(period) : 0;
    }
}
