package org.ccrelayer.servlet;

import org.ccrelayer.Relay;

/** A relay that a servlet or filter serves. Safe for concurrent use. */
final class HostedRelay {
    private final Relay relay;
    private final boolean owned;

    HostedRelay(Relay relay, boolean owned) {
        this.relay = relay;
        this.owned = owned;
    }

    Relay relay() {
        return relay;
    }

    /** Closes the relay where it was built for this use. */
    void release() {
        if (owned) {
            relay.close();
        }
    }
}
