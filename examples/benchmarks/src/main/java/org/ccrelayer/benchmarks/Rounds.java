package org.ccrelayer.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Measures all targets in turn, again and again, so that what the machine does besides hits all of them alike. */
final class Rounds {
    private final List<Target> targets;
    private final Counts counts;
    private final PrintStream progress;

    Rounds(List<Target> targets, Counts counts, PrintStream progress) {
        this.targets = targets;
        this.counts = counts;
        this.progress = progress;
    }

    Outcomes measure(Scenario scenario) throws InterruptedException, ExecutionException, TimeoutException {
        Outcomes outcomes = new Outcomes(scenario);
        try (Load load = new Load(counts.connections())) {
            for (int round = 1; round <= counts.warmUps(); round++) {
                for (Target target : targets) {
                    load.run(scenario, target);
                }
                progress.println(scenario.name() + ", warm-up " + round + " of " + counts.warmUps());
            }
            for (int round = 1; round <= counts.rounds(); round++) {
                for (Target target : targets) {
                    Sample sample = measure(load, scenario, target);
                    outcomes.add(target, sample);
                    progress.println(String.format(
                            Locale.ROOT,
                            "%s, round %d, %s: %.1f us CPU per request",
                            scenario.name(),
                            round,
                            target.name(),
                            sample.cpuMicros()));
                }
            }
        }
        return outcomes;
    }

    private static Sample measure(Load load, Scenario scenario, Target target)
            throws InterruptedException, ExecutionException, TimeoutException {
        Duration before = target.cpuTime();
        Latencies latencies = load.run(scenario, target);
        return new Sample(target.cpuTime().minus(before), latencies);
    }
}
