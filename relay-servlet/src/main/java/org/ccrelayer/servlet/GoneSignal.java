package org.ccrelayer.servlet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells, once, whoever wants to know that the client is gone; those who ask later are told at once. Safe for concurrent use. */
final class GoneSignal {
    private final List<Consumer<Throwable>> listeners = new ArrayList<>();
    private @Nullable Throwable gone;

    void onGone(Consumer<Throwable> listener) {
        Throwable already;
        synchronized (this) {
            already = gone;
            if (already == null) {
                listeners.add(listener);
            }
        }
        if (already != null) {
            listener.accept(already);
        }
    }

    /** Only the first call counts. */
    void tell(Throwable cause) {
        List<Consumer<Throwable>> told;
        synchronized (this) {
            if (gone != null) {
                return;
            }
            gone = cause;
            told = List.copyOf(listeners);
            listeners.clear();
        }
        told.forEach(listener -> listener.accept(cause));
    }
}
