package org.ccrelayer.testkit;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for conditions with a deadline. */
public final class Wait {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private Wait() {}

    /** Returns as soon as {@code condition} holds; fails, saying {@code what} was waited for, after 20 seconds. */
    public static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain for: " + what);
            }
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }
}
