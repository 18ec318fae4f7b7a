package org.ccrelayer.benchmarks;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures what servlet containers add: the same relay as a servlet in each, next to the standalone one. */
final class HostComparison {
    private static final String STANDALONE = "standalone";

    /** A stream with pauses takes its time, so that more of them must run at once to keep anybody busy. */
    private static final int PACED_CONNECTIONS = 8;

    private static final int PACED_STREAMS = 2;

    /** The ratio from which on it is told where the time goes. */
    private static final double WORTH_A_LOOK = 1.5;

    private final Counts counts;
    private final boolean profile;
    private final PrintStream progress;

    /**
     * A comparison.
     *
     * @param all how much is measured elsewhere; half of it is enough here, since the targets are alike
     * @param profile whether it is always told where the time goes
     */
    HostComparison(Counts all, boolean profile, PrintStream progress) {
        this.counts = all.half();
        this.profile = profile;
        this.progress = progress;
    }

    /** Measures everything in that directory; gives Markdown. */
    String measure(double load, Path directory) throws Exception {
        CannedAnswer message = CannedAnswer.message();
        CannedAnswer stream = CannedAnswer.stream();
        try (CannedUpstream upstream = CannedUpstream.start(message, stream);
                ChildJvm standalone = start(STANDALONE, RelayProcess.class, upstream, directory);
                ChildJvm tomcat = start("servlet on Tomcat 10.1", TomcatProcess.class, upstream, directory);
                ChildJvm jetty = start("servlet on Jetty 12.1 ee10", JettyProcess.class, upstream, directory)) {
            List<Target> targets = List.of(standalone, tomcat, jetty);
            int paced = PACED_CONNECTIONS * counts.connections();
            Counts many = new Counts(1, PACED_STREAMS * paced, counts.warmUps(), counts.rounds(), paced);
            List<Outcomes> all = new ArrayList<>();
            Rounds few = new Rounds(targets, counts, progress);
            all.add(few.measure(Scenario.smallRequest(message, counts.requests())));
            all.add(few.measure(Scenario.fastStream(stream, counts.streams())));
            String profiles = profiles(all, List.of(tomcat, jetty), directory);
            all.add(new Rounds(targets, many, progress).measure(Scenario.pacedStream(stream, many.streams())));
            return new RatioTables(STANDALONE, "in a container", "to the standalone").markdown(all, counts, load)
                    + profiles;
        }
    }

    private static ChildJvm start(String name, Class<?> main, CannedUpstream upstream, Path directory)
            throws Exception {
        return ChildJvm.relay(name, main, upstream.port(), directory.resolve(main.getSimpleName()));
    }

    private String profiles(List<Outcomes> all, List<ChildJvm> hosts, Path directory) throws Exception {
        StringBuilder told = new StringBuilder();
        for (Outcomes outcomes : all) {
            for (ChildJvm host : hosts) {
                if (profile || outcomes.cpuRatio(host.name(), STANDALONE) > WORTH_A_LOOK) {
                    told.append(profile(outcomes.scenario(), host, directory));
                }
            }
        }
        return told.toString();
    }

    private String profile(Scenario scenario, ChildJvm host, Path directory) throws Exception {
        try (Load load = new Load(counts.connections())) {
            List<String> lines = new ArrayList<>(List.of("", "### " + host.name() + ", " + scenario.name()));
            lines.addAll(
                    new Profile(host.pid()).during(() -> load.run(scenario, host), directory.resolve("samples.jfr")));
            return String.join("\n", lines) + "\n";
        }
    }
}
