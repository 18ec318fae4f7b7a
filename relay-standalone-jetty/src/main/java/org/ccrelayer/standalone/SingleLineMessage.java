package org.ccrelayer.standalone;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.regex.Pattern;

/**
 * A log message on one line, so that nothing that came from outside can pass for a line of its own. Most messages are on
 * one line anyway, and looking for two characters costs a fraction of matching a pattern. Safe for concurrent use.
 */
public final class SingleLineMessage extends MessageConverter {
    private static final Pattern LINE_ENDS = Pattern.compile("[\r\n]+");

    @Override
    public String convert(ILoggingEvent event) {
        String message = super.convert(event);
        return message.indexOf('\n') < 0 && message.indexOf('\r') < 0
                ? message
                : LINE_ENDS.matcher(message).replaceAll(" ");
    }
}
