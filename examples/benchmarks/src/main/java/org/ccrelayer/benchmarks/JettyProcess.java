package org.ccrelayer.benchmarks;

import jakarta.servlet.ServletContainerInitializer;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;

/** The relay as a servlet in Jetty's EE 10 environment, with Jetty's own settings. */
final class JettyProcess {
    private JettyProcess() {}

    public static void main(String[] arguments) throws Exception {
        HostedRelay.serve(arguments, JettyProcess::start);
    }

    private static HostedRelay.Host start(ServletContainerInitializer webapp) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addServletContainerInitializer(webapp);
        server.setHandler(context);
        server.start();
        return new HostedRelay.Host() {
            @Override
            public int port() {
                return connector.getLocalPort();
            }

            @Override
            public void close() {
                LifeCycle.stop(server);
            }
        };
    }
}
