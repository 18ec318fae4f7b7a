package org.ccrelayer.internal.upstream;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.EgressProxy.HttpConnect;
import org.ccrelayer.account.EgressProxy.Socks5;
import org.ccrelayer.event.PoolState;
import org.ccrelayer.internal.network.EndpointGuard;
import org.ccrelayer.internal.outbound.Road;
import org.ccrelayer.internal.upstream.UpstreamFailure.Kind;
import org.eclipse.jetty.client.AbstractConnectionPool;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.transport.HttpDestination;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one upstream on one road. The road alone decides how they are made: where it leads through a proxy there is
 * no other way, and whatever it is made of goes with it when it was idle for long. Safe for concurrent use.
 */
final class RoadDestination extends HttpDestination {
    private final Road road;
    private final EndpointGuard guard;
    private final TlsRoads tlsRoads;
    private final ClientConnectionFactory way;
    private @Nullable TlsRoad tls;

    RoadDestination(HttpClient client, Origin origin, EndpointGuard guard, TlsRoads tlsRoads) {
        super(client, origin);
        this.road = (Road) origin.getTag();
        this.guard = guard;
        this.tlsRoads = tlsRoads;
        this.way = new Entry(way());
    }

    Road road() {
        return road;
    }

    /** How many connections and waiting requests there are at the moment. */
    PoolState state() {
        AbstractConnectionPool pool = (AbstractConnectionPool) getConnectionPool();
        return new PoolState(
                road.account(), pool.getConnectionCount(), pool.getActiveConnectionCount(), getQueuedRequestCount());
    }

    private ClientConnectionFactory way() {
        ClientConnectionFactory http = getHttpClient().getHttpClientTransport();
        // The library secures what comes out of a SOCKS tunnel by itself.
        if (road.proxy() instanceof Socks5 socks) {
            return SocksTunnel.through(socks, http);
        }
        ClientConnectionFactory secured =
                isSecure() ? getHttpClient().getClientConnector().newSslClientConnectionFactory(null, http) : http;
        return road.proxy() instanceof HttpConnect connect
                ? new ConnectTunnel(
                        connect,
                        getOrigin().getAddress().asString(),
                        getHttpClient().getExecutor(),
                        secured)
                : secured;
    }

    boolean proxied() {
        return !(road.proxy() instanceof EgressProxy.Direct);
    }

    /** What secures its connections; made when it is first needed, on the thread of a request. */
    synchronized TlsRoad tls() throws RoadException {
        TlsRoad known = tls;
        if (known == null) {
            known = tlsRoads.of(road.tls());
            tls = known;
        }
        return known;
    }

    /** What was allowed when the account was saved may not be any more, and behind a proxy no address is ever seen. */
    private void checkProxied() throws RoadException {
        if (proxied() && !guard.mayLead(getHost())) {
            throw new RoadException(Kind.ADDRESS_REFUSED, "no proxy is asked to lead there");
        }
    }

    @Override
    protected void createConnection(Promise<Connection> promise) {
        try {
            checkProxied();
            if (isSecure()) {
                // Before the clock runs, since the first time may take long.
                tls();
            }
        } catch (RoadException e) {
            promise.failed(e);
            return;
        }
        Duration timeout = Duration.ofMillis(getHttpClient().getConnectTimeout());
        ConnectionAttempt attempt = new ConnectionAttempt(
                promise, proxied(), timeout, getHttpClient().getScheduler());
        try {
            super.createConnection(attempt);
        } catch (RuntimeException e) {
            attempt.failed(e);
        }
    }

    /** Where the first connection leads: to the proxy, where there is one. */
    @Override
    public Origin resolveOrigin() {
        if (road.proxy() instanceof HttpConnect proxy) {
            return new Origin("http", proxy.host(), proxy.port());
        }
        return road.proxy() instanceof Socks5 proxy ? new Origin("http", proxy.host(), proxy.port()) : getOrigin();
    }

    @Override
    public ClientConnectionFactory resolveClientConnectionFactory() {
        return way;
    }

    /** Null, since connections to proxies are plain, and the way itself secures those to the upstream. */
    @Override
    public SslContextFactory.@Nullable Client resolveSslContextFactory() {
        return null;
    }

    /** Tells the attempt that the first connection is made. */
    private final class Entry extends ClientConnectionFactory.Wrapper {
        Entry(ClientConnectionFactory next) {
            super(next);
        }

        @Override
        public org.eclipse.jetty.io.Connection newConnection(EndPoint endPoint, Map<String, Object> context)
                throws IOException {
            ConnectionAttempt.in(context).connected(endPoint, isSecure());
            return super.newConnection(endPoint, context);
        }
    }
}
