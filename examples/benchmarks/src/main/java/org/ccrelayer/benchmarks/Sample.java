package org.ccrelayer.benchmarks;

import java.time.Duration;

/**
 * One measurement of one target.
 *
 * @param cpu what its process took meanwhile
 * @param latencies of all requests
 */
record Sample(Duration cpu, Latencies latencies) {
    private static final double NANOS_PER_MICRO = 1e3;

    /** CPU time per request, in microseconds. */
    double cpuMicros() {
        return cpu.toNanos() / NANOS_PER_MICRO / latencies.count();
    }
}
