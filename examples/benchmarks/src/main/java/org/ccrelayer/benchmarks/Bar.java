package org.ccrelayer.benchmarks;

import java.util.Locale;

/**
 * Something that the relay promises to cost at most.
 *
 * @param what for people
 * @param limit the most that keeps the promise
 * @param measured what it was
 * @param unit behind both figures
 */
record Bar(String what, double limit, double measured, String unit) {
    /** A figure that is not a number was not measured and keeps no promise. */
    boolean met() {
        return measured <= limit;
    }

    String row() {
        return String.format(
                Locale.ROOT,
                "| %s | at most %.1f%s | %.2f%s | %s |",
                what,
                limit,
                unit,
                measured,
                unit,
                met() ? "met" : "**missed**");
    }
}
