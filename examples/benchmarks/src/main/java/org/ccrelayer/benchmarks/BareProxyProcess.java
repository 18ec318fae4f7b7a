package org.ccrelayer.benchmarks;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Jetty's own reverse proxy and nothing else: the same library at the same work, without keys, envelope, metering, ledger
 * or log. Selectors, threads and buffers are those of the relay; what the relay does not set is left alone.
 */
final class BareProxyProcess {
    private static final int HEADER_BYTES = 64 * 1024;
    private static final int SERVER_THREADS = 64;
    private static final int CLIENT_THREADS = 24;
    private static final int MOST_CONNECTIONS = 10_000;
    private static final long IDLE_MILLIS = TimeUnit.SECONDS.toMillis(60);

    private BareProxyProcess() {}

    /** Arguments: the port to call back, the port of the upstream. */
    public static void main(String[] arguments) throws Exception {
        Server server = new Server(new QueuedThreadPool(SERVER_THREADS, 4));
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        http.setResponseHeaderSize(HEADER_BYTES);
        http.setUseInputDirectByteBuffers(false);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        server.setHandler(new Forwarding(Integer.parseInt(arguments[1])));
        try (ParentLine parent = ParentLine.to(arguments[0])) {
            server.start();
            parent.serveUntilClosed(connector.getLocalPort(), Target.ANY_KEY);
        } finally {
            server.stop();
        }
    }

    private static final class Forwarding extends ProxyHandler.Reverse {
        Forwarding(int upstreamPort) {
            super(request -> HttpURI.build(request.getHttpURI()).port(upstreamPort));
        }

        @Override
        protected HttpClient newHttpClient() {
            ClientConnector connector = new ClientConnector();
            connector.setSelectors(1);
            return new HttpClient(new HttpClientTransportOverHTTP(connector));
        }

        @Override
        protected void configureHttpClient(HttpClient client) {
            super.configureHttpClient(client);
            client.setExecutor(new QueuedThreadPool(CLIENT_THREADS, 4));
            client.setMaxConnectionsPerDestination(MOST_CONNECTIONS);
            client.setUseInputDirectByteBuffers(false);
            client.setUserAgentField(null);
        }
    }
}
