package org.ccrelayer.internal.pipeline;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.thread.Scheduler;

/** A wait that holds no thread. It ends once: when its time has come, or before. Safe for concurrent use. */
final class Pause {
    private final Runnable after;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile Scheduler.Task timer = () -> false;

    private Pause(Runnable after) {
        this.after = after;
    }

    /** Begins a wait; {@code after} must not block. */
    static Pause begin(Scheduler scheduler, Duration time, Runnable after) {
        Pause pause = new Pause(after);
        pause.timer = scheduler.schedule(pause::end, time.toMillis(), TimeUnit.MILLISECONDS);
        return pause;
    }

    /** What is waited for is not worth waiting for any more. */
    void end() {
        if (over.compareAndSet(false, true)) {
            timer.cancel();
            after.run();
        }
    }
}
