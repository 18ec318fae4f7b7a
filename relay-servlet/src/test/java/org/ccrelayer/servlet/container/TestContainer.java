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

    /**
     * What is said where the container itself is configured.
     *
     * @param patience how long a client may neither send nor take anything while it is waited for
     * @param errorPage the path of the webapp's page for every exception and every error; empty where it has none
     * @param farewell how long running requests may go on when something stops
     * @param compressing whether the container compresses event streams, which none does unless it is told to
     */
    record Terms(Duration patience, String errorPage, Duration farewell, boolean compressing) {
        public static final Terms USUAL = new Terms(Duration.ofSeconds(30), "", Duration.ZERO, false);

        public static Terms patience(Duration patience) {
            return new Terms(patience, USUAL.errorPage, USUAL.farewell, USUAL.compressing);
        }

        public Terms withErrorPage(String path) {
            return new Terms(patience, path, farewell, compressing);
        }

        public Terms withFarewell(Duration time) {
            return new Terms(patience, errorPage, time, compressing);
        }

        public Terms withCompression() {
            return new Terms(patience, errorPage, farewell, true);
        }
    }

    /** A running container with a webapp under {@code contextPath}, which is empty or begins with a slash. */
    static TestContainer start(String contextPath, Setup setup) throws Exception {
        return start(contextPath, Terms.USUAL, setup);
    }

    /** The same on other terms. */
    static TestContainer start(String contextPath, Terms terms, Setup setup) throws Exception {
        return switch (name()) {
            case "jetty-ee10" -> new JettyEe10(contextPath, terms, setup);
            case "jetty-ee11" -> new JettyEe11(contextPath, terms, setup);
            case "tomcat" -> new EmbeddedTomcat(contextPath, terms, setup);
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
