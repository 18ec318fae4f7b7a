package org.ccrelayer.benchmarks;

/**
 * How much is measured; it bounds the time that the comparison takes.
 *
 * @param requests small requests in one measurement
 * @param streams streams in one measurement
 * @param warmUps how many measurements of each target go before those that count; while a JVM still compiles, it is the
 *     compiler that is measured
 * @param rounds measurements of each target; an odd number has a median of its own
 * @param connections how many clients there are at once, each with one connection that it keeps
 */
record Counts(int requests, int streams, int warmUps, int rounds, int connections) {
    Counts {
        requireWithin("requests", requests, 10_000_000);
        requireWithin("streams", streams, 10_000_000);
        requireWithin("warm-ups", warmUps, 1_000);
        requireWithin("rounds", rounds, 1_000);
        requireWithin("connections", connections, 256);
    }

    /** Half as much, for targets that are alike. */
    Counts half() {
        return new Counts(Math.max(1, requests / 2), Math.max(1, streams / 2), warmUps, rounds, connections);
    }

    private static void requireWithin(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(name + ": must be 1 to " + most);
        }
    }
}
