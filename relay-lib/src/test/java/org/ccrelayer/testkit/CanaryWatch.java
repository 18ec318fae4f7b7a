package org.ccrelayer.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Has the relay log at debug and fails the test in which a canary is logged, by whomever: in a message, its arguments, an
 * exception or what it was caused by. What is logged between two tests fails the next, or their class. Where extensions are
 * detected automatically it watches every test.
 */
public final class CanaryWatch implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final String APPENDER = "canaries";
    private static final String OWN = "org.ccrelayer";

    /** How many of a test's leaks are told. */
    private static final int SHOWN = 5;

    /** Looks at each event in the thread that logs it, and keeps none. */
    private static final class Look extends UnsynchronizedAppenderBase<ILoggingEvent> {
        private final ConcurrentLinkedQueue<String> leaks = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            try {
                String text = text(event);
                Canaries.in(text).ifPresent(found -> leaks.add(found + " in: " + text));
            } catch (RuntimeException e) {
                // Logback keeps to itself what an appender throws.
                leaks.add("an event of " + event.getLoggerName() + " cannot be looked at: " + e);
            }
        }

        private static String text(ILoggingEvent event) {
            StringBuilder text = new StringBuilder()
                    .append(event.getLevel())
                    .append(" [")
                    .append(event.getThreadName())
                    .append("] ")
                    .append(event.getLoggerName())
                    .append(' ')
                    .append(event.getFormattedMessage())
                    .append(event.getMDCPropertyMap());
            if (event.getKeyValuePairs() != null) {
                text.append(event.getKeyValuePairs());
            }
            appendThrown(text, event.getThrowableProxy());
            return text.toString();
        }

        /** Names and messages only: what else a stack trace has is of the program. */
        private static void appendThrown(StringBuilder text, @Nullable IThrowableProxy thrown) {
            if (thrown != null) {
                text.append('\n').append(thrown.getClassName()).append(": ").append(thrown.getMessage());
                for (IThrowableProxy suppressed : thrown.getSuppressed()) {
                    appendThrown(text, suppressed);
                }
                appendThrown(text, thrown.getCause());
            }
        }
    }

    private final LoggerContext context;
    private final Look look = new Look();

    /** A watch over everything that is logged in this JVM. */
    public CanaryWatch() {
        this((LoggerContext) LoggerFactory.getILoggerFactory());
    }

    /** A watch over what is logged to the loggers of {@code context}. */
    public CanaryWatch(LoggerContext context) {
        this.context = context;
        look.setName(APPENDER);
        look.setContext(context);
    }

    /** Whether everything that is logged in this JVM is watched at this moment. */
    public static boolean watches() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        return root(context).getAppender(APPENDER) != null
                && context.getLogger(OWN).getEffectiveLevel().equals(Level.DEBUG);
    }

    private static Logger root(LoggerContext context) {
        return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @Override
    public void beforeAll(ExtensionContext container) {
        watch();
    }

    /** A test before may have set another level. */
    @Override
    public void beforeEach(ExtensionContext test) {
        watch();
    }

    private void watch() {
        if (!look.isStarted()) {
            look.start();
        }
        Logger root = root(context);
        if (!root.isAttached(look)) {
            root.addAppender(look);
        }
        context.getLogger(OWN).setLevel(Level.DEBUG);
    }

    @Override
    public void afterEach(ExtensionContext test) {
        failWhereLogged();
    }

    @Override
    public void afterAll(ExtensionContext container) {
        failWhereLogged();
    }

    private void failWhereLogged() {
        List<String> leaks = new ArrayList<>();
        for (String leak = look.leaks.poll(); leak != null; leak = look.leaks.poll()) {
            leaks.add(leak);
        }
        if (!leaks.isEmpty()) {
            List<String> first = leaks.subList(0, Math.min(SHOWN, leaks.size()));
            throw new AssertionError(leaks.size() + " canaries in the log:\n" + String.join("\n", first));
        }
    }
}
