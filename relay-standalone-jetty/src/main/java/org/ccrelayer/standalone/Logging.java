package org.ccrelayer.standalone;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/**
 * Sets what the relay itself logs. Libraries stay at info, as logback.xml says: at debug, an HTTP client writes the keys it
 * sends. Stateless.
 */
final class Logging {
    private static final String OWN = "org.ccrelayer";

    private Logging() {}

    static void level(String name) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            throw new IllegalStateException("another logging library than the packaged one is on the class path");
        }
        context.getLogger(OWN).setLevel(Level.toLevel(name, Level.INFO));
    }

    /** Writes what is waiting to be written, and ends. */
    static void end() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
    }
}
