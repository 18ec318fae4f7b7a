package org.ccrelayer.servlet.container;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Duration;

/**
 * A servlet container on a free port of loopback with one webapp. Which container is said by the system property {@code
 * test.container}; each needs a class path of its own.
 */
public interface TestContainer extends AutoCloseable {
    /** What a test puts into its webapp. */
    @FunctionalInterface
    interface Setup {
        void accept(ServletContext context) throws ServletException;

        /** The set-up as containers take it. */
        default ServletContainerInitializer initializer() {
            return (classes, context) -> accept(context);
        }
    }

    /** A running container with a webapp under {@code contextPath}, which is empty or begins with a slash. */
    static TestContainer start(String contextPath, Setup setup) throws Exception {
        return start(contextPath, Duration.ZERO, setup);
    }

    /** A running container whose operator lets running requests have that time when something stops. */
    static TestContainer start(String contextPath, Duration patience, Setup setup) throws Exception {
        return switch (name()) {
            case "jetty-ee10" -> new JettyEe10(contextPath, patience, setup);
            case "jetty-ee11" -> new JettyEe11(contextPath, patience, setup);
            case "tomcat" -> new EmbeddedTomcat(contextPath, patience, setup);
            default -> throw new IllegalStateException("no container is named " + name());
        };
    }

    /** The container of this run. */
    static String name() {
        return System.getProperty("test.container", "jetty-ee10");
    }

    /** Whether requests run on virtual threads. */
    static boolean virtualThreads() {
        return Boolean.getBoolean("test.virtual-threads");
    }

    int port();

    /** Takes the webapp away as an operator would; the container goes on. */
    void undeploy() throws IOException;

    @Override
    void close() throws IOException;
}
