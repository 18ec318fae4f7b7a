package org.ccrelayer.standalone;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;

/** Sets what is logged. Libraries never log below info: at debug, an HTTP client writes the keys it sends. Stateless. */
final class Logging {
    private static final String OWN = "org.ccrelayer";

    private Logging() {}

    static void level(String name) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            throw new IllegalStateException("another logging library than the packaged one is on the class path");
        }
        Level own = Level.toLevel(name, Level.INFO);
        Level libraries = own.isGreaterOrEqual(Level.INFO) ? own : Level.INFO;
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(libraries);
        context.getLogger(OWN).setLevel(own);
    }
}
