package org.ccrelayer.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.ccrelayer.servlet.BufferingWatch.Report;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has a watch look at one answer, once, if it is an event stream. For one exchange, under its lock. */
final class FirstFlush {
    private static final Logger LOG = LoggerFactory.getLogger(FirstFlush.class);
    private static final String EVENT_STREAM = "text/event-stream";

    private final BufferingWatch watch;
    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private @Nullable HttpFields expected;
    private @Nullable Report due;

    FirstFlush(BufferingWatch watch, HttpServletRequest request, HttpServletResponse response) {
        this.watch = watch;
        this.request = request;
        this.response = response;
    }

    /** The header fields as the relay set them. */
    void head(HttpFields headers) {
        String type = headers.get(HttpHeader.CONTENT_TYPE);
        expected = type != null && type.regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length()) ? headers : null;
    }

    /** Written bytes were flushed. */
    void done() {
        HttpFields sent = expected;
        expected = null;
        if (sent != null) {
            try {
                due = watch.look(request, response, sent);
            } catch (RuntimeException e) {
                // A host's own classes may throw what they like; the stream itself does not need this look.
                LOG.warn("Whether an event stream is held back could not be told.", e);
            }
        }
    }

    /** Tells what was seen; the only call that belongs outside the lock. */
    void tell() {
        Report report = due;
        if (report != null) {
            due = null;
            watch.tell(report);
        }
    }
}
