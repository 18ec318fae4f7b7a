package org.ccrelayer.benchmarks;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Measures what a shared Redis costs: the same relay on it, next to one on a file. */
final class StoreComparison {
    private static final String FILE = "on a file";

    private final Counts counts;
    private final PrintStream progress;

    /** @param all how much is measured elsewhere; half of it is enough here, since the targets are alike */
    StoreComparison(Counts all, PrintStream progress) {
        this.counts = all.half();
        this.progress = progress;
    }

    /** Measures everything in that directory; gives Markdown. */
    String measure(double load, Path directory) throws Exception {
        Optional<Path> program = Installed.program("redis-server");
        if (program.isEmpty()) {
            return "There is no redis-server on the PATH, so nothing was measured.\n";
        }
        CannedAnswer message = CannedAnswer.message();
        CannedAnswer stream = CannedAnswer.stream();
        try (CannedUpstream upstream = CannedUpstream.start(message, stream);
                RedisServer redis = RedisServer.start(program.get(), directory.resolve("redis"));
                ChildJvm file = ChildJvm.relay(FILE, RelayProcess.class, upstream.port(), directory.resolve("file"));
                ChildJvm shared = ChildJvm.relay(
                        "on Redis", RedisRelayProcess.class, upstream.port(), Path.of("" + redis.port()))) {
            Rounds rounds = new Rounds(List.of(file, shared, redis.with(shared)), counts, progress);
            List<Outcomes> all = List.of(
                    rounds.measure(Scenario.smallRequest(message, counts.requests())),
                    rounds.measure(Scenario.fastStream(stream, counts.streams())));
            return new RatioTables(FILE, "by store", "to the file").markdown(all, counts, load);
        }
    }
}
