package org.ccrelayer.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** All measurements of one scenario, by target and round. */
final class Outcomes {
    private final Scenario scenario;
    private final Map<String, List<Sample>> samples = new LinkedHashMap<>();

    Outcomes(Scenario scenario) {
        this.scenario = scenario;
    }

    Scenario scenario() {
        return scenario;
    }

    void add(Target target, Sample sample) {
        samples.computeIfAbsent(target.name(), name -> new ArrayList<>()).add(sample);
    }

    /** The targets, in the order in which they were measured. */
    List<String> targets() {
        return List.copyOf(samples.keySet());
    }

    /** The median of a figure over the rounds. */
    double median(String target, ToDoubleFunction<Sample> figure) {
        return median(of(target).stream().mapToDouble(figure).toArray());
    }

    /**
     * The CPU time per request as a multiple of another target's: of each round, since neighbours in time had the same
     * machine, and of those the median.
     */
    double cpuRatio(String target, String base) {
        List<Sample> bases = of(base);
        List<Sample> own = of(target);
        double[] ratios = new double[own.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = own.get(i).cpuMicros() / bases.get(i).cpuMicros();
        }
        return median(ratios);
    }

    private List<Sample> of(String target) {
        return samples.getOrDefault(target, List.of());
    }

    static double median(List<Double> values) {
        return median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
