package org.ccrelayer.internal.admission;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** What a request was granted until it ends. Safe for concurrent use. */
public final class Permit {
    private final AtomicInteger held;
    private final AtomicBoolean released = new AtomicBoolean();

    Permit(AtomicInteger held) {
        this.held = held;
        held.incrementAndGet();
    }

    /** Gives everything back; only the first call counts. */
    public void release() {
        if (released.compareAndSet(false, true)) {
            held.decrementAndGet();
        }
    }
}
