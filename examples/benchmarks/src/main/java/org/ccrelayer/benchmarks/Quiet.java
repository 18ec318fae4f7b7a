package org.ccrelayer.benchmarks;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what libraries tell of their starts and stops out of the results. Stateless. */
final class Quiet {
    private Quiet() {}

    /** From now on only warnings are logged in this JVM. */
    static void libraries() {
        if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(Level.WARN);
        }
    }
}
