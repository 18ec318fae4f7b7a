package org.ccrelayer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.limit.BudgetPeriod;
import org.ccrelayer.usage.UsagePeriod;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageStore;
import org.ccrelayer.usage.UsageSubject;
import org.ccrelayer.usage.UsageTotals;

/** Adds up ledger rows on its own, to compare a store's every counter with. Not safe for concurrent use. */
public final class LedgerFold {
    private final Map<String, UsageRecord> opened = new LinkedHashMap<>();
    private final Map<String, UsageRecord> settled = new LinkedHashMap<>();
    private long spent;

    /** A row was opened. */
    public void opened(UsageRecord row) {
        opened.put(row.id(), row);
    }

    /** A row was settled; it must not have been before. */
    public void settled(UsageRecord row) {
        assertThat(settled.put(row.id(), row))
                .as("row %s is settled once", row.id())
                .isNull();
        spent += counts(row) ? row.countedNanoUsd() : 0;
    }

    private static boolean counts(UsageRecord row) {
        return row.state() != UsageRecord.State.VOID;
    }

    /** The settled rows. */
    public Collection<UsageRecord> rows() {
        return settled.values();
    }

    /** What limits count of them, in billionths of a dollar. */
    public long spent() {
        return spent;
    }

    /** What limits count of those that fall in that period and scope. */
    public long spentIn(BudgetPeriod period, String scope) {
        return settled.values().stream()
                .filter(LedgerFold::counts)
                .filter(row -> period.holds(row.admittedAt()))
                .filter(row -> Budgets.Weekly.counts(scope, row.family()))
                .mapToLong(UsageRecord::countedNanoUsd)
                .sum();
    }

    /** Every row that was opened is there and settled, and every counter is the sum of its rows. */
    public void assertIsWhatTheStoreSays(UsageStore store, ZoneOffset zone) {
        assertThat(settled.keySet()).as("rows that were opened are settled").isEqualTo(opened.keySet());
        settled.forEach((id, row) -> assertThat(store.find(id)).contains(row));
        assertIsTheSumOf(store, zone);
    }

    /** Every counter is the sum of the rows. */
    public void assertIsTheSumOf(UsageStore store, ZoneOffset zone) {
        Map<UsageSubject, UsageTotals> totals = new HashMap<>();
        Map<UsageSubject, Map<UsagePeriod, SortedMap<String, UsageTotals>>> histories = new HashMap<>();
        Map<String, Map<String, UsageTotals>> models = new HashMap<>();
        for (UsageRecord row : settled.values()) {
            if (counts(row)) {
                models.computeIfAbsent(row.keyId(), none -> new HashMap<>())
                        .merge(row.model(), UsageTotals.NONE.plus(row), (old, one) -> old.plus(row));
                UsageSubject.of(row).forEach(subject -> add(row, subject, totals, histories, zone));
            }
        }
        totals.forEach((subject, sum) -> assertThat(store.totals(subject)).isEqualTo(sum));
        histories.forEach((subject, periods) -> periods.forEach(
                (period, sums) -> assertThat(store.history(subject, period)).isEqualTo(sums)));
        models.forEach((keyId, sums) -> assertThat(store.modelsOfKey(keyId)).isEqualTo(sums));
    }

    private static void add(
            UsageRecord row,
            UsageSubject subject,
            Map<UsageSubject, UsageTotals> totals,
            Map<UsageSubject, Map<UsagePeriod, SortedMap<String, UsageTotals>>> histories,
            ZoneOffset zone) {
        totals.merge(subject, UsageTotals.NONE.plus(row), (old, one) -> old.plus(row));
        for (UsagePeriod period : UsagePeriod.values()) {
            histories
                    .computeIfAbsent(subject, none -> new HashMap<>())
                    .computeIfAbsent(period, none -> new TreeMap<>())
                    .merge(
                            period.name(row.admittedAt(), zone),
                            UsageTotals.NONE.plus(row),
                            (old, one) -> old.plus(row));
        }
    }
}
