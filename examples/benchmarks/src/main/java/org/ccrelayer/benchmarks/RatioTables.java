package org.ccrelayer.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tables of targets that are alike but for one thing, next to one of them.
 *
 * @param base the name of the one that the others are compared with
 * @param where what is said behind the name of each scenario
 * @param head what stands above the ratios
 */
record RatioTables(String base, String where, String head) {
    /** Markdown: the circumstances, then a table for each scenario. */
    String markdown(List<Outcomes> all, Counts counts, double load) {
        List<String> lines = new ArrayList<>();
        lines.add(Report.circumstances(counts, load));
        for (Outcomes outcomes : all) {
            lines.add("");
            lines.add("### " + outcomes.scenario().name() + " " + where + ", "
                    + outcomes.scenario().count() + " per target and round");
            lines.add("");
            lines.add("| | CPU us per request | " + head + " | p50 ms | p99 ms |");
            lines.add("|---|---|---|---|---|");
            outcomes.targets().forEach(target -> lines.add(row(outcomes, target)));
        }
        return String.join("\n", lines) + "\n";
    }

    private String row(Outcomes outcomes, String target) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s |",
                target,
                Report.format("%.1f", outcomes.median(target, Sample::cpuMicros)),
                Report.format("%.2fx", outcomes.cpuRatio(target, base)),
                Report.format(
                        "%.2f",
                        outcomes.median(target, sample -> sample.latencies().millis(0.5))),
                Report.format(
                        "%.2f",
                        outcomes.median(target, sample -> sample.latencies().millis(0.99))));
    }
}
