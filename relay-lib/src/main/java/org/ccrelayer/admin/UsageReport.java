package org.ccrelayer.admin;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ccrelayer.usage.UsageSubject;
import org.ccrelayer.usage.UsageTotals;

/**
 * What a subject has used. Each part is read on its own, so that a request which ends meanwhile may stand in one part and
 * not in another. Immutable.
 *
 * @param subject whose usage it is
 * @param totals everything
 * @param hours by hours such as {@code 2026-11-22:10}, oldest first, of the last 7 days
 * @param days by days such as {@code 2026-11-22}, oldest first, of the last 32 days
 * @param months by months such as {@code 2026-11}, oldest first, of the last 365 days
 * @param models everything by model; empty unless the subject is a relay key
 * @param limits what counts against a relay key's limits; empty for other subjects and for a key that was deleted
 */
public record UsageReport(
        UsageSubject subject,
        UsageTotals totals,
        SortedMap<String, UsageTotals> hours,
        SortedMap<String, UsageTotals> days,
        SortedMap<String, UsageTotals> months,
        SortedMap<String, UsageTotals> models,
        Optional<KeyUsage> limits) {
    public UsageReport {
        requireNonNull(subject, "subject");
        requireNonNull(totals, "totals");
        requireNonNull(limits, "limits");
        hours = copy(hours);
        days = copy(days);
        months = copy(months);
        models = copy(models);
    }

    private static SortedMap<String, UsageTotals> copy(Map<String, UsageTotals> sums) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(sums));
    }
}
