package org.ccrelayer.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Everything that was measured, as Markdown. */
final class Report {
    private static final String RELAY = "relay";
    private static final String BASE = "bare Jetty proxy";
    private static final String DIRECT = "direct";
    private static final double REQUEST_LIMIT = 1.5;
    private static final double STREAM_LIMIT = 0.8;
    private static final double ROW_LIMIT = 10;
    private static final double ADMISSION_LIMIT = 0.2;

    /** The least that two digits show; an event that allocated anything would take 16 bytes or more. */
    private static final double NOTHING = 0.005;

    private final Counts counts;
    private final Outcomes requests;
    private final Outcomes streams;
    private final Parts parts;
    private final double loadBefore;

    /**
     * What was measured of the relay's parts alone.
     *
     * @param figures its readers
     * @param costs its bookkeeping
     */
    record Parts(List<MicroBenchmarks.Figures> figures, OwnCosts costs) {}

    Report(Counts counts, Outcomes requests, Outcomes streams, Parts parts, double loadBefore) {
        this.counts = counts;
        this.requests = requests;
        this.streams = streams;
        this.parts = parts;
        this.loadBefore = loadBefore;
    }

    /** What was promised, and what came of it. */
    List<Bar> bars() {
        List<Bar> bars = new ArrayList<>();
        bars.add(new Bar("CPU per 1 KiB request, relay to bare proxy", REQUEST_LIMIT, ratio(requests), "x"));
        bars.add(new Bar("CPU per 200-event stream, relay to bare proxy", STREAM_LIMIT, ratio(streams), "x"));
        parts.figures().stream()
                .filter(figure -> figure.name().contains("deltaEvent"))
                .forEach(figure ->
                        bars.add(new Bar("metering a delta event", NOTHING, figure.bytesPerOperation(), " B")));
        bars.add(new Bar(
                "CPU per ledger row, to a checksummed append",
                ROW_LIMIT,
                parts.costs().ledger().ratio(),
                "x"));
        double admission = parts.costs().admissionMicros() / requests.median(BASE, Sample::cpuMicros);
        bars.add(new Bar("CPU per admission, to the bare proxy's 1 KiB request", ADMISSION_LIMIT, admission, "x"));
        return bars;
    }

    private static double ratio(Outcomes outcomes) {
        return outcomes.cpuRatio(RELAY, BASE);
    }

    String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add(circumstances(counts, loadBefore));
        lines.add("");
        lines.add("| bar | limit | measured | |");
        lines.add("|---|---|---|---|");
        bars().forEach(bar -> lines.add(bar.row()));
        table(lines, requests);
        table(lines, streams);
        micro(lines);
        return String.join("\n", lines) + "\n";
    }

    /** What the figures depend on. */
    static String circumstances(Counts counts, double loadBefore) {
        return String.format(
                Locale.ROOT,
                "JDK %s, %d cores, JVM options %s; %d connections, %d rounds after %d of warm-up;"
                        + " load average before: %.1f.",
                System.getProperty("java.vm.version"),
                Runtime.getRuntime().availableProcessors(),
                String.join(" ", ChildJvm.OPTIONS),
                counts.connections(),
                counts.rounds(),
                counts.warmUps(),
                loadBefore);
    }

    private static void table(List<String> lines, Outcomes outcomes) {
        lines.add("");
        lines.add(
                "### " + outcomes.scenario().name() + ", " + outcomes.scenario().count() + " per target and round");
        lines.add("");
        lines.add("| | CPU us per request | to the bare proxy | added p50 ms | added p99 ms |");
        lines.add("|---|---|---|---|---|");
        for (String target : outcomes.targets()) {
            boolean own = !target.equals(DIRECT);
            lines.add(String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %s |",
                    target,
                    own ? format("%.1f", outcomes.median(target, Sample::cpuMicros)) : "-",
                    own ? format("%.2fx", outcomes.cpuRatio(target, BASE)) : "-",
                    latency(outcomes, target, 0.5),
                    latency(outcomes, target, 0.99)));
        }
    }

    private static String latency(Outcomes outcomes, String target, double part) {
        double direct = outcomes.median(DIRECT, sample -> sample.latencies().millis(part));
        double own = outcomes.median(target, sample -> sample.latencies().millis(part));
        return target.equals(DIRECT) ? format("(%.2f in all)", own) : format("%.2f", own - direct);
    }

    private void micro(List<String> lines) {
        lines.add("");
        lines.add("### Parts");
        lines.add("");
        lines.add("| | MB/s | allocated B/op |");
        lines.add("|---|---|---|");
        for (MicroBenchmarks.Figures figure : parts.figures()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "| %s | %.0f | %.2f |",
                    figure.name(),
                    figure.megabytesPerSecond(),
                    figure.bytesPerOperation()));
        }
        lines.add("");
        lines.add(parts.costs().told());
    }

    static String format(String pattern, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, pattern, value) : "too short to tell";
    }
}
