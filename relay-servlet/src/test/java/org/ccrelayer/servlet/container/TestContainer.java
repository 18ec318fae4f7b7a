package org.ccrelayer.servlet.container;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.IOException;

/**
 * A servlet container on a free port of loopback with one webapp. Which container is said by the system property {@code
 * relay.test.container}; each needs a class path of its own.
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
        return switch (name()) {
            case "jetty-ee10" -> new JettyEe10(contextPath, setup);
            case "jetty-ee11" -> new JettyEe11(contextPath, setup);
            case "tomcat" -> new EmbeddedTomcat(contextPath, setup);
            default -> throw new IllegalStateException("no container is named " + name());
        };
    }

    /** The container of this run. */
    static String name() {
        return System.getProperty("relay.test.container", "jetty-ee10");
    }

    /** Whether requests run on virtual threads. */
    static boolean virtualThreads() {
        return Boolean.getBoolean("relay.test.virtual-threads");
    }

    int port();

    @Override
    void close() throws IOException;
}
