package org.ccrelayer.servlet.war;

import java.net.URI;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.xml.XmlConfiguration;

/** A Jetty with one webapp, which a context file may describe further; a program of its own. */
public final class JettyHost {
    static final String LISTENS = "listens on port ";

    private static final long STOP_MILLIS = 20_000;

    private JettyHost() {}

    /**
     * Serves until it is told to end.
     *
     * @param arguments the environment, {@code ee10} or {@code ee11}; the WAR; and a context file, where there is one
     */
    public static void main(String[] arguments) throws Exception {
        ContextHandler webapp =
                arguments[0].equals("ee10") ? JettyEe10Webapp.of(arguments[1]) : JettyEe11Webapp.of(arguments[1]);
        webapp.setContextPath("/relay");
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new GracefulHandler(webapp));
        server.setStopTimeout(STOP_MILLIS);
        server.setStopAtShutdown(true);
        if (arguments.length > 2) {
            new XmlConfiguration(ResourceFactory.of(server).newResource(URI.create(arguments[2]))).configure(webapp);
        }
        server.start();
        System.out.println(LISTENS + connector.getLocalPort());
        server.join();
    }
}
