package org.ccrelayer.standalone;

import static java.util.Objects.requireNonNull;

import org.ccrelayer.Relay;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Hands the requests of a Jetty server to a relay: {@code /admin} to its administration, all else to its API. Safe for
 * concurrent use.
 */
public final class RelayHandler extends Handler.Abstract {
    private static final String ADMIN = "/admin";

    private final Relay relay;

    /** A handler before {@code relay}, which stays the caller's to close. */
    public RelayHandler(Relay relay) {
        this.relay = requireNonNull(relay, "relay");
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        // Waiting for an upstream is not idleness; reads and writes that stall still time out.
        request.addIdleTimeoutListener(timeout -> false);
        CoreRequest clientRequest = new CoreRequest(request);
        CoreResponse clientResponse = new CoreResponse(response, callback);
        String path = clientRequest.path();
        if (path.equals(ADMIN) || path.startsWith(ADMIN + "/")) {
            relay.handleAdmin(clientRequest, clientResponse);
        } else {
            relay.handle(clientRequest, clientResponse);
        }
        return true;
    }
}
