package org.ccrelayer.internal.upstream;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.ccrelayer.internal.network.EndpointGuard;
import org.ccrelayer.internal.upstream.UpstreamFailure.Kind;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.SocketAddressResolver;

/**
 * Looks a name up for every connection that is made, and passes on only those of its addresses that may be connected to; so a
 * name cannot lead to another place than the one that was allowed. Safe for concurrent use; does not block.
 */
final class GuardedResolver implements SocketAddressResolver {
    private final SocketAddressResolver names;
    private final EndpointGuard guard;

    GuardedResolver(SocketAddressResolver names, EndpointGuard guard) {
        this.names = names;
        this.guard = guard;
    }

    @Override
    public void resolve(String host, int port, Map<String, Object> context, Promise<List<InetSocketAddress>> promise) {
        RoadDestination destination = (RoadDestination) context.get(Destination.CONTEXT_KEY);
        names.resolve(host, port, context, new Promise<>() {
            @Override
            public void succeeded(List<InetSocketAddress> found) {
                List<InetSocketAddress> allowed = found.stream()
                        .filter(address -> allows(destination, address))
                        .toList();
                if (allowed.isEmpty()) {
                    failed(new RoadException(Kind.ADDRESS_REFUSED, "the name stands for no address that is allowed"));
                } else {
                    promise.succeeded(allowed);
                }
            }

            @Override
            public void failed(Throwable cause) {
                promise.failed(cause);
            }
        });
    }

    private boolean allows(RoadDestination destination, InetSocketAddress found) {
        return destination.proxied()
                ? EndpointGuard.mayConnectProxy(found.getAddress())
                : guard.mayConnect(found.getAddress(), destination.isSecure());
    }
}
