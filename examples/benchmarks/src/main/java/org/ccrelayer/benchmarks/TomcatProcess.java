package org.ccrelayer.benchmarks;

import jakarta.servlet.ServletContainerInitializer;
import java.io.IOException;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/** The relay as a servlet in Tomcat, with Tomcat's own settings but one. */
final class TomcatProcess {
    /** Kept, since a level is forgotten with its logger. */
    private static final Logger TOMCAT = Logger.getLogger("org.apache");

    private TomcatProcess() {}

    public static void main(String[] arguments) throws Exception {
        // It warns of leaks that it could not look for.
        TOMCAT.setLevel(Level.SEVERE);
        HostedRelay.serve(arguments, webapp -> start(arguments[2], webapp));
    }

    private static HostedRelay.Host start(String directory, ServletContainerInitializer webapp)
            throws LifecycleException {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(directory);
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        // Every hundredth request would end its connection, and the clients keep theirs.
        connector.setProperty("maxKeepAliveRequests", "-1");
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", null);
        context.addServletContainerInitializer(webapp, Set.of());
        tomcat.start();
        return new HostedRelay.Host() {
            @Override
            public int port() {
                return connector.getLocalPort();
            }

            @Override
            public void close() throws IOException {
                try {
                    tomcat.stop();
                    tomcat.destroy();
                } catch (LifecycleException e) {
                    throw new IOException("the container did not stop", e);
                }
            }
        };
    }
}
