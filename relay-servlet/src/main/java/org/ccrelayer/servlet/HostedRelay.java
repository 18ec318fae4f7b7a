package org.ccrelayer.servlet;

import java.util.concurrent.atomic.AtomicBoolean;
import org.ccrelayer.Relay;

/** A relay that a servlet or filter serves, until it lets go of it. Safe for concurrent use. */
final class HostedRelay {
    private final Relay relay;
    private final Runnable letGo;
    private final AtomicBoolean released = new AtomicBoolean();

    private HostedRelay(Relay relay, Runnable letGo) {
        this.relay = relay;
        this.letGo = letGo;
    }

    /** A relay that is somebody else's to close. */
    static HostedRelay lent(Relay relay) {
        return new HostedRelay(relay, () -> {});
    }

    /** A relay that ends with its use. */
    static HostedRelay owned(Relay relay) {
        return new HostedRelay(relay, relay::close);
    }

    /** A relay with several users; {@code letGo} is told when this one leaves. */
    static HostedRelay shared(Relay relay, Runnable letGo) {
        return new HostedRelay(relay, letGo);
    }

    Relay relay() {
        return relay;
    }

    /** Ends this use, and the relay where it was built for it; blocks until its running answers have ended. */
    void release() {
        if (released.compareAndSet(false, true)) {
            letGo.run();
        }
    }
}
