package org.ccrelayer;

import org.ccrelayer.event.RelayListener;
import org.eclipse.jetty.io.ByteBufferPool;

/** Relays that keep nothing, with what only this package can set. */
public final class InMemoryRelays {
    private InMemoryRelays() {}

    /** A running relay whose connections take their buffers from {@code pool}. */
    public static Relay start(RelayConfig config, RelayListener listener, ByteBufferPool pool) {
        return Relay.builder(config).inMemory().listener(listener).buffers(pool).start();
    }
}
