package org.ccrelayer.internal.admin;

import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ccrelayer.admin.KeyUsage;
import org.ccrelayer.admin.UsageReport;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.usage.UsagePeriod;
import org.ccrelayer.usage.UsageSubject;
import org.ccrelayer.usage.UsageTotals;

/** Puts together what a store knows of usage. Safe for concurrent use; blocks on the store. */
final class UsageReports {
    private final RelayStore store;
    private final ZoneOffset zone;

    /** Reports from that store; days and weeks begin in {@code zone} for keys that do not say. */
    UsageReports(RelayStore store, ZoneOffset zone) {
        this.store = store;
        this.zone = zone;
    }

    /** What a subject has used; empty where a relay key or an account is unknown and has used nothing. */
    Optional<UsageReport> of(UsageSubject subject) {
        UsageTotals totals = store.usage().totals(subject);
        if (totals.equals(UsageTotals.NONE) && !known(subject)) {
            return Optional.empty();
        }
        boolean key = subject.kind() == UsageSubject.Kind.KEY;
        return Optional.of(new UsageReport(
                subject,
                totals,
                history(subject, UsagePeriod.HOUR),
                history(subject, UsagePeriod.DAY),
                history(subject, UsagePeriod.MONTH),
                new TreeMap<>(key ? store.usage().modelsOfKey(subject.id()) : Map.of()),
                key ? store.apiKeys().find(subject.id()).map(this::limits) : Optional.empty()));
    }

    private boolean known(UsageSubject subject) {
        return switch (subject.kind()) {
            case KEY -> store.apiKeys().find(subject.id()).isPresent();
            case ACCOUNT -> store.accounts().find(subject.id()).isPresent();
            case MODEL, EVERYTHING -> true;
        };
    }

    private SortedMap<String, UsageTotals> history(UsageSubject subject, UsagePeriod period) {
        return store.usage().history(subject, period);
    }

    private KeyUsage limits(ApiKey key) {
        KeyLimits limits = key.limits();
        return new KeyUsage(
                limits, store.limits().use(key.id(), limits, limits.budgets().zone(zone)));
    }
}
