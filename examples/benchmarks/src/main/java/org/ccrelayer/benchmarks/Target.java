package org.ccrelayer.benchmarks;

import java.io.IOException;
import java.time.Duration;

/** What requests are sent to, and what it cost so far. */
interface Target extends AutoCloseable {
    /** A key that a target without keys of its own is given, so that all requests are equally long. */
    String ANY_KEY = "cr_" + "0".repeat(64);

    /** For people. */
    String name();

    /** On loopback. */
    int port();

    /** The key that requests carry. */
    String key();

    /**
     * The CPU time of its process as the operating system counts it, in user mode and in the kernel, in steps of 10 ms;
     * zero for a target without a process of its own.
     */
    Duration cpuTime();

    @Override
    void close() throws IOException;

    /** The upstream without anything between, as the measure of what latency is added. */
    static Target direct(int port) {
        return new Target() {
            @Override
            public String name() {
                return "direct";
            }

            @Override
            public int port() {
                return port;
            }

            @Override
            public String key() {
                return ANY_KEY;
            }

            @Override
            public Duration cpuTime() {
                return Duration.ZERO;
            }

            @Override
            public void close() {}
        };
    }
}
