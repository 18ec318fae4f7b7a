package org.ccrelayer.internal.pipeline;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Notices when nothing has happened for a while, to within a tenth of it. One timer per answer however many bytes pass.
 * Safe for concurrent use.
 */
final class SilenceWatch {
    private static final int TICKS = 10;

    private final Scheduler scheduler;
    private final long tickMillis;
    private final Runnable silent;
    private volatile boolean active;
    private volatile boolean listening;
    private boolean scheduled;
    private volatile boolean stopped;
    private int quietTicks;
    private volatile Scheduler.Task timer = () -> false;

    private SilenceWatch(Scheduler scheduler, Duration limit, Runnable silent) {
        this.scheduler = scheduler;
        this.tickMillis = Math.max(1, limit.toMillis() / TICKS);
        this.silent = silent;
    }

    /** Watches from the first {@link #listen} on; {@code silent} runs at most once, on the scheduler's thread. */
    static SilenceWatch of(Scheduler scheduler, Duration limit, Runnable silent) {
        return new SilenceWatch(scheduler, limit, silent);
    }

    /** Something happened. */
    void activity() {
        if (!active) {
            active = true;
        }
    }

    /** Nothing is expected for now, since the other side is not being read. */
    void pause() {
        listening = false;
    }

    /** Something is expected again. */
    void listen() {
        if (!listening) {
            active = true;
            listening = true;
        }
        if (!scheduled) {
            scheduled = true;
            schedule();
        }
    }

    void stop() {
        stopped = true;
        timer.cancel();
    }

    private void schedule() {
        timer = scheduler.schedule(this::tick, tickMillis, TimeUnit.MILLISECONDS);
        if (stopped) {
            timer.cancel();
        }
    }

    private void tick() {
        if (stopped) {
            return;
        }
        quietTicks = active || !listening ? 0 : quietTicks + 1;
        active = false;
        if (quietTicks >= TICKS) {
            silent.run();
        } else {
            schedule();
        }
    }
}
