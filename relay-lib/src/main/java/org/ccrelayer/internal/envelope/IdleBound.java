package org.ccrelayer.internal.envelope;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * How long a client may send nothing.
 *
 * @param scheduler measures it
 * @param duration more than zero
 */
record IdleBound(Scheduler scheduler, Duration duration) {
    /** Runs {@code expired} when the bound is over, unless the task is cancelled before. */
    Scheduler.Task begin(Runnable expired) {
        return scheduler.schedule(expired, duration.toNanos(), TimeUnit.NANOSECONDS);
    }
}
