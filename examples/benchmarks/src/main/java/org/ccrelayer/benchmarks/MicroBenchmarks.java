package org.ccrelayer.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the JMH benchmarks of this package and picks out what the report says of them. Stateless. */
final class MicroBenchmarks {
    private static final int MOST_WARM_UPS = 3;

    private MicroBenchmarks() {}

    /**
     * What came out of one of them.
     *
     * @param name method and parameters
     * @param megabytesPerSecond how fast it read
     * @param bytesPerOperation what each operation allocated
     */
    record Figures(String name, double megabytesPerSecond, double bytesPerOperation) {}

    /**
     * Runs them all, one after the other.
     *
     * @param forks JVMs for each; 0 runs them in this one, where they disturb each other
     * @param iterations how many count; up to three more go before them
     * @param millis the length of an iteration
     */
    static List<Figures> run(int forks, int iterations, int millis) throws RunnerException {
        Options options = new OptionsBuilder()
                .include(MicroBenchmarks.class.getPackageName() + "\\..*Benchmark\\.")
                .forks(forks)
                .jvmArgs(ChildJvm.OPTIONS.toArray(String[]::new))
                .warmupIterations(Math.min(MOST_WARM_UPS, iterations))
                .warmupTime(TimeValue.milliseconds(millis))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(millis))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
        Collection<RunResult> results = new Runner(options).run();
        List<Figures> read = new ArrayList<>();
        for (RunResult result : results) {
            read.add(read(result));
        }
        return read;
    }

    private static Figures read(RunResult result) {
        String benchmark = result.getParams().getBenchmark();
        String inPackage =
                benchmark.substring(MicroBenchmarks.class.getPackageName().length() + 1);
        StringBuilder name = new StringBuilder(inPackage);
        for (String key : result.getParams().getParamsKeys()) {
            name.append(", ").append(key).append(' ').append(result.getParams().getParam(key));
        }
        return new Figures(name.toString(), secondary(result, "megabytes"), secondary(result, "gc.alloc.rate.norm"));
    }

    private static double secondary(RunResult result, String label) {
        for (Result<?> secondary : result.getSecondaryResults().values()) {
            if (secondary.getLabel().endsWith(label)) {
                return secondary.getScore();
            }
        }
        throw new IllegalStateException("the run tells nothing of " + label);
    }
}
