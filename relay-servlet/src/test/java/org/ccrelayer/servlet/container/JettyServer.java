package org.ccrelayer.servlet.container;

import java.io.IOException;
import java.time.Duration;
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

    static JettyServer start(ContextHandler context, Duration patience) throws Exception {
        QueuedThreadPool threads = new QueuedThreadPool();
        if (TestContainer.virtualThreads()) {
            threads.setVirtualThreadsExecutor(VirtualThreads.perTask());
        }
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(new HttpConfiguration()));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ContextHandlerCollection contexts = new ContextHandlerCollection(context);
        server.setHandler(patience.isZero() ? contexts : new GracefulHandler(contexts));
        server.setStopTimeout(patience.toMillis());
        server.start();
        return new JettyServer(server, connector, contexts);
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
