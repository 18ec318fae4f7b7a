package org.ccrelayer.servlet.container;

import org.eclipse.jetty.ee10.servlet.ServletContextHandler;

/** Jetty with the servlets of its EE 10 environment. */
final class JettyEe10 implements TestContainer {
    private final JettyServer server;

    JettyEe10(String contextPath, Setup setup) throws Exception {
        ServletContextHandler context = new ServletContextHandler();
        context.setContextPath(contextPath.isEmpty() ? "/" : contextPath);
        context.addServletContainerInitializer(setup.initializer());
        server = JettyServer.start(context);
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }
}
