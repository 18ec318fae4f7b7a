package org.ccrelayer.internal.upstream;

import org.ccrelayer.internal.network.EndpointGuard;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.io.ClientConnector;

/** HTTP/1.1 on the roads that requests name. Safe for concurrent use. */
final class RoadTransport extends HttpClientTransportOverHTTP {
    private final EndpointGuard guard;
    private final TlsRoads tlsRoads;

    RoadTransport(ClientConnector connector, EndpointGuard guard, TlsRoads tlsRoads) {
        super(connector);
        this.guard = guard;
        this.tlsRoads = tlsRoads;
    }

    @Override
    public Destination newDestination(Origin origin) {
        return new RoadDestination(getHttpClient(), origin, guard, tlsRoads);
    }
}
