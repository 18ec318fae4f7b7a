package org.ccrelayer.benchmarks;

import java.util.Arrays;
import java.util.List;

/** How long the requests of one measurement took, from the first byte sent to the last one read. Immutable. */
final class Latencies {
    private static final double NANOS_PER_MILLI = 1e6;

    private final long[] sorted;

    private Latencies(long[] sorted) {
        this.sorted = sorted;
    }

    static Latencies ofNanos(List<long[]> perClient) {
        long[] all = perClient.stream().flatMapToLong(Arrays::stream).toArray();
        Arrays.sort(all);
        return new Latencies(all);
    }

    int count() {
        return sorted.length;
    }

    /** The time within which that part of the requests was answered, in milliseconds. */
    double millis(double part) {
        int index = (int) Math.ceil(part * sorted.length) - 1;
        return sorted[Math.max(0, index)] / NANOS_PER_MILLI;
    }
}
