package org.ccrelayer.standalone;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * Sets what the relay itself logs. Libraries stay at info, as logback.xml says: at debug, an HTTP client writes the keys it
 * sends. Stateless.
 */
final class Logging {
    private static final String OWN = "org.ccrelayer";

    private Logging() {}

    static void level(String name) {
        context().getLogger(OWN).setLevel(Level.toLevel(name, Level.INFO));
    }

    /** Works while nothing but errors is logged, by whomever: standard output is the answer's. */
    static <T> T quietly(Supplier<T> work) {
        Logger root = context().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Logger own = context().getLogger(OWN);
        Level rootLevel = root.getLevel();
        Level ownLevel = own.getLevel();
        root.setLevel(Level.ERROR);
        own.setLevel(Level.ERROR);
        try {
            return work.get();
        } finally {
            root.setLevel(rootLevel);
            own.setLevel(ownLevel);
        }
    }

    private static LoggerContext context() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            return context;
        }
        throw new IllegalStateException("another logging library than the packaged one is on the class path");
    }

    /** Writes what is waiting to be written, and ends. */
    static void end() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
    }
}
