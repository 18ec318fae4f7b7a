package org.ccrelayer.servlet.container;

import java.io.IOException;
import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A Jetty server around one handler. */
final class JettyServer implements AutoCloseable {
    private final Server server;
    private final ServerConnector connector;
    private final ContextHandlerCollection contexts;

    private JettyServer(Server server, ServerConnector connector, ContextHandlerCollection contexts) {
        this.server = server;
        this.connector = connector;
        this.contexts = contexts;
    }

    static JettyServer start(ContextHandler context, TestContainer.Terms terms) throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool();
        if (TestContainer.virtualThreads()) {
            threads.setVirtualThreadsExecutor(VirtualThreads.perTask());
        }
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(new HttpConfiguration()));
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(terms.patience().toMillis());
        server.addConnector(connector);
        ContextHandlerCollection contexts = new ContextHandlerCollection(context);
        Handler handler = terms.compressing() ? compressing(contexts) : contexts;
        server.setHandler(terms.farewell().isZero() ? handler : new GracefulHandler(handler));
        server.setStopTimeout(terms.farewell().toMillis());
        server.start();
        return new JettyServer(server, connector, contexts);
    }

    private static Handler compressing(Handler handler) {
        CompressionHandler compression = new CompressionHandler(handler);
        compression.putCompression(new GzipCompression());
        compression.putConfiguration(
                "/*",
                CompressionConfig.builder()
                        .compressIncludeMimeType("text/event-stream")
                        .build());
        return compression;
    }

    int port() {
        return connector.getLocalPort();
    }

    void undeploy() throws IOException {
        for (Handler context : contexts.getHandlers()) {
            try {
                context.stop();
            } catch (Exception e) {
                throw new IOException("the webapp did not stop", e);
            }
            contexts.removeHandler(context);
        }
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
    }
}
