package org.ccrelayer.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures what the relay costs: its parts alone, and the whole of it next to a bare proxy, nginx and nothing. Everything
 * is on loopback. This process is client and upstream; what is compared has processes of its own, so that their CPU time
 * can be told apart.
 */
@Command(
        name = "comparison",
        mixinStandardHelpOptions = true,
        description = "Compares the relay with a bare proxy by the CPU time per request. Linux only.")
public final class Comparison implements Callable<Integer> {
    private static final int NOTHING_MEASURED = 2;

    /** What is measured by itself and has a place of its own in the document. */
    enum Part {
        /** The relay next to a bare proxy, and its parts. */
        RESULTS,
        /** The relay in servlet containers. */
        HOSTS,
        /** The relay on a Redis. */
        STORES
    }

    @Option(names = "--write", paramLabel = "FILE", description = "Puts the results into this document as well.")
    private @Nullable Path file;

    @Option(names = "--requests", description = "Small requests per target and round (default: ${DEFAULT-VALUE}).")
    private int requests = 20_000;

    @Option(names = "--streams", description = "Streams per target and round (default: ${DEFAULT-VALUE}).")
    private int streams = 2_000;

    @Option(names = "--rows", description = "Ledger rows and admissions per round (default: ${DEFAULT-VALUE}).")
    private int rows = 50_000;

    @Option(names = "--warm-ups", description = "Measurements that do not count (default: ${DEFAULT-VALUE}).")
    private int warmUps = 5;

    @Option(names = "--rounds", description = "Measurements of each target (default: ${DEFAULT-VALUE}).")
    private int rounds = 5;

    @Option(names = "--connections", description = "Clients at once (default: ${DEFAULT-VALUE}).")
    private int connections = 8;

    @Option(names = "--forks", description = "JVMs per benchmark of a part (default: ${DEFAULT-VALUE}).")
    private int forks = 1;

    @Option(names = "--iterations", description = "Iterations of those that count (default: ${DEFAULT-VALUE}).")
    private int iterations = 5;

    @Option(names = "--millis", description = "Length of an iteration (default: ${DEFAULT-VALUE}).")
    private int millis = 1_000;

    @Option(names = "--only", description = "Measures one part only: results, hosts or stores.")
    private @Nullable Part only;

    @Option(names = "--profile", description = "Tells where the relay's time goes even if it is what was promised.")
    private boolean profile;

    /** Runs the command and ends the JVM with its status. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Comparison())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Quiet.libraries();
        try {
            for (Part part : parts()) {
                page(part);
            }
        } catch (IOException e) {
            System.err.println("The results cannot be written: " + e);
            return NOTHING_MEASURED;
        }
        for (Part part : parts()) {
            measure(part);
        }
        return 0;
    }

    private List<Part> parts() {
        return only == null ? List.of(Part.values()) : List.of(only);
    }

    private @Nullable Page page(Part part) throws IOException {
        return file == null ? null : Page.in(file, part.name().toLowerCase(Locale.ROOT));
    }

    private void measure(Part part) throws Exception {
        Counts counts = new Counts(requests, streams, warmUps, rounds, connections);
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        Path directory = Files.createTempDirectory("relay-benchmarks");
        String results;
        try {
            results = switch (part) {
                case RESULTS -> compare(counts, load, directory);
                case HOSTS -> new HostComparison(counts, profile, System.err).measure(load, directory);
                case STORES -> new StoreComparison(counts, System.err).measure(load, directory);
            };
        } finally {
            delete(directory);
        }
        System.out.println(results);
        Page page = page(part);
        if (page != null) {
            page.write(results);
        }
    }

    private String compare(Counts counts, double load, Path directory) throws Exception {
        List<MicroBenchmarks.Figures> figures = MicroBenchmarks.run(forks, iterations, millis);
        Report.Parts parts = new Report.Parts(figures, OwnCosts.measure(rows, rounds, directory));
        CannedAnswer message = CannedAnswer.message();
        CannedAnswer stream = CannedAnswer.stream();
        try (CannedUpstream upstream = CannedUpstream.start(message, stream);
                ChildJvm relay = ChildJvm.relay(upstream.port(), directory.resolve("relay"));
                ChildJvm proxy = ChildJvm.bareProxy(upstream.port(), directory);
                Target nginx =
                        Nginx.startIfInstalled(upstream.port(), directory).orElse(null)) {
            List<Target> targets = new ArrayList<>(List.of(relay, proxy));
            if (nginx != null) {
                targets.add(nginx);
            }
            targets.add(Target.direct(upstream.port()));
            PrintStream progress = System.err;
            Rounds measuring = new Rounds(targets, counts, progress);
            Outcomes small = measuring.measure(Scenario.smallRequest(message, counts.requests()));
            Outcomes fast = measuring.measure(Scenario.fastStream(stream, counts.streams()));
            Report report = new Report(counts, small, fast, parts, load);
            boolean missed = report.bars().stream().anyMatch(bar -> !bar.met());
            return report.markdown() + (missed || profile ? profiles(relay, List.of(small, fast), directory) : "");
        }
    }

    private String profiles(ChildJvm relay, List<Outcomes> measured, Path directory) throws Exception {
        List<String> lines = new ArrayList<>();
        for (Outcomes outcomes : measured) {
            Scenario scenario = outcomes.scenario();
            lines.add("");
            lines.add("### Where the relay's time goes, " + scenario.name());
            try (Load load = new Load(connections)) {
                Profile.Work work = () -> load.run(scenario, relay);
                lines.addAll(new Profile(relay.pid()).during(work, directory.resolve("samples.jfr")));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
