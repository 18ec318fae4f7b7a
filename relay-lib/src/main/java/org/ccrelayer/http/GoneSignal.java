package org.ccrelayer.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells, once, whoever wants to know that the client is gone; those who ask later are told at once. What {@link
 * ClientRequest#onGone} asks of an adapter. Safe for concurrent use.
 */
public final class GoneSignal {
    private final List<Consumer<Throwable>> listeners = new ArrayList<>();
    private @Nullable Throwable gone;

    /** A client that is there. */
    public GoneSignal() {}

    /** As {@link ClientRequest#onGone}. */
    public void onGone(Consumer<Throwable> listener) {
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

    /** The client is gone; only the first call counts. */
    public void tell(Throwable cause) {
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
