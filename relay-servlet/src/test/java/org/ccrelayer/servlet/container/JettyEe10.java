package org.ccrelayer.servlet.container;

import java.io.IOException;
import java.time.Duration;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;

/** Jetty with the servlets of its EE 10 environment. */
final class JettyEe10 implements TestContainer {
    private final JettyServer server;

    JettyEe10(String contextPath, Duration patience, Setup setup) throws Exception {
        ServletContextHandler context = new ServletContextHandler();
        context.setContextPath(contextPath.isEmpty() ? "/" : contextPath);
        context.addServletContainerInitializer(setup.initializer());
        server = JettyServer.start(context, patience);
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public void undeploy() throws IOException {
        server.undeploy();
    }

    @Override
    public void close() {
        server.close();
    }
}
