package org.ccrelayer.standalone;

import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A relay behind a Jetty server of its own. Safe for concurrent use. */
public final class RelayServer implements AutoCloseable {
    private static final int LARGEST_HEADERS = 64 * 1024;
    private static final long IDLE_CONNECTION_MILLIS = TimeUnit.SECONDS.toMillis(60);
    private static final long STALLED_CLIENT_MILLIS = TimeUnit.SECONDS.toMillis(300);

    private final Relay relay;
    private final Server server;
    private final ServerConnector connector;

    private RelayServer(Relay relay, Server server, ServerConnector connector) {
        this.relay = relay;
        this.server = server;
        this.connector = connector;
    }

    /**
     * Serves {@code relay} on the configured host and port; closing the server closes the relay.
     *
     * @throws IllegalStateException if the port cannot be opened
     */
    public static RelayServer start(RelayConfig config, Relay relay) {
        // Nothing waits on a thread but the store, so their number follows the processors, not the streams.
        QueuedThreadPool threads =
                new QueuedThreadPool(16 + 4 * Runtime.getRuntime().availableProcessors(), 4);
        threads.setName("relay-server");
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http()));
        connector.setHost(config.text(ConfigKey.HOST));
        connector.setPort((int) config.number(ConfigKey.PORT));
        connector.setIdleTimeout(IDLE_CONNECTION_MILLIS);
        server.addConnector(connector);
        server.setHandler(new RelayHandler(relay));
        server.setErrorHandler(new ServerErrors());
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(
                    "cannot listen on " + config.text(ConfigKey.HOST) + " port " + config.text(ConfigKey.PORT)
                            + "; choose another PORT or stop what uses it",
                    e);
        }
        return new RelayServer(relay, server, connector);
    }

    private static HttpConfiguration http() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        // The upstream's own date passes; the response adds one where there is none.
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(LARGEST_HEADERS);
        http.setResponseHeaderSize(LARGEST_HEADERS);
        http.setIdleTimeout(STALLED_CLIENT_MILLIS);
        // Metering and forwarding work on arrays.
        http.setUseInputDirectByteBuffers(false);
        return http;
    }

    /** The port it listens on. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Where it is reached from this machine. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** Waits until the server has stopped. */
    public void join() throws InterruptedException {
        server.join();
    }

    /** Takes no new work, sees running answers out, and stops. */
    @Override
    public void close() {
        relay.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server did not stop", e);
        }
    }
}
