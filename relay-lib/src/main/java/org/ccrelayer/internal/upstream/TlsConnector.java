package org.ccrelayer.internal.upstream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.io.ClientConnectionFactory;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.NegotiatingClientConnection;
import org.eclipse.jetty.io.ssl.SslClientConnectionFactory;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * Secures connections, direct ones and those that come out of a tunnel, in the way of the road they belong to. HTTP begins when
 * the handshake is done, so that a request that was not sent is known not to have been sent. Safe for concurrent use.
 */
final class TlsConnector extends ClientConnector {
    @Override
    public ClientConnectionFactory newSslClientConnectionFactory(
            SslContextFactory.@Nullable Client unused, ClientConnectionFactory next) {
        return new ClientConnectionFactory.Wrapper(next) {
            @Override
            public Connection newConnection(EndPoint endPoint, Map<String, Object> context) throws IOException {
                ConnectionAttempt.in(context).securing();
                RoadDestination destination = (RoadDestination) context.get(Destination.CONTEXT_KEY);
                // The name to be verified is the upstream's, whoever the socket leads to.
                context.put(REMOTE_SOCKET_ADDRESS_CONTEXT_KEY, upstream(destination));
                return new Securing(destination.tls(), TlsConnector.this, getWrapped())
                        .newConnection(endPoint, context);
            }
        };
    }

    private static InetSocketAddress upstream(RoadDestination destination) {
        String host = destination.getHost();
        String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return InetSocketAddress.createUnresolved(plain, destination.getPort());
    }

    /** One connection's TLS. */
    private static final class Securing extends SslClientConnectionFactory {
        Securing(TlsRoad tls, ClientConnector connector, ClientConnectionFactory next) {
            super(
                    new Engines(tls),
                    connector.getByteBufferPool(),
                    connector.getExecutor(),
                    new Handshakes(connector.getExecutor(), next));
        }

        @Override
        public Connection customize(Connection connection, Map<String, Object> context) {
            if (connection instanceof SslConnection secured
                    && secured.getSslEndPoint().getConnection() instanceof Handshake handshake) {
                secured.addHandshakeListener(handshake);
            }
            return super.customize(connection, context);
        }
    }

    /** Hands out a road's engines where the library would make its own. */
    private static final class Engines extends SslContextFactory.Client {
        private final TlsRoad tls;

        Engines(TlsRoad tls) {
            this.tls = tls;
        }

        @Override
        public SSLEngine newSSLEngine(String host, int port) {
            return tls.engine(host, port);
        }
    }

    private static final class Handshakes extends ClientConnectionFactory.Wrapper {
        private final Executor executor;

        Handshakes(Executor executor, ClientConnectionFactory next) {
            super(next);
            this.executor = executor;
        }

        @Override
        public Connection newConnection(EndPoint endPoint, Map<String, Object> context) {
            SSLEngine engine = (SSLEngine) context.get(SSLEngine.class.getName());
            return customize(new Handshake(endPoint, executor, engine, getWrapped(), context), context);
        }
    }

    /** Waits for the handshake, and only then makes room for HTTP. */
    private static final class Handshake extends NegotiatingClientConnection implements SslHandshakeListener {
        Handshake(
                EndPoint endPoint,
                Executor executor,
                SSLEngine engine,
                ClientConnectionFactory next,
                Map<String, Object> context) {
            super(endPoint, executor, engine, next, context);
        }

        @Override
        public void handshakeSucceeded(Event event) {
            completed("http/1.1");
        }
    }
}
