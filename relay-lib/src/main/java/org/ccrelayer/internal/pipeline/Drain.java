package org.ccrelayer.internal.pipeline;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.util.thread.Scheduler;

/** The reading on of one answer whose client is gone; holds its slot until it is ended. Safe for concurrent use. */
final class Drain {
    private final AtomicLong bytesLeft;
    private final Scheduler.Task timer;
    private final Runnable giveBack;
    private final AtomicBoolean ended = new AtomicBoolean();

    Drain(long bytes, Scheduler.Task timer, Runnable giveBack) {
        this.bytesLeft = new AtomicLong(bytes);
        this.timer = timer;
        this.giveBack = giveBack;
    }

    /** Counts bytes that were read; false when they are too many. */
    boolean allows(long bytes) {
        return bytesLeft.addAndGet(-bytes) >= 0;
    }

    /** Gives the slot back. Only the first call counts. */
    void end() {
        if (ended.compareAndSet(false, true)) {
            timer.cancel();
            giveBack.run();
        }
    }
}
