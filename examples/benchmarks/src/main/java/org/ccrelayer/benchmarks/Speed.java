package org.ccrelayer.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Counts what was read, so that throughput is told in megabytes as well. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Speed {
    /** Read in this iteration, in units of a million bytes. */
    public double megabytes;

    void read(long bytes) {
        megabytes += bytes / 1e6;
    }
}
