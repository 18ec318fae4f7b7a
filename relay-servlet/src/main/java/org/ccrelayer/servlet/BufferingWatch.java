package org.ccrelayer.servlet;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.ccrelayer.Relay;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Notices when something between a servlet or filter and its client holds event streams back, and reports it to the relay
 * once per mapping. Streams that arrive cost a look at the response behind their first flush. Safe for concurrent use.
 */
final class BufferingWatch {
    private static final String REMEDY =
            "Keep what does this off the relay's paths, or have it leave text/event-stream alone.";

    private final BiConsumer<String, String> reports;
    private final Registration registration;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** A watch that reports where streams are held back, and how that shows, to {@code reports}. */
    BufferingWatch(BiConsumer<String, String> reports, Registration registration) {
        this.reports = reports;
        this.registration = registration;
    }

    static BufferingWatch over(Relay relay, ServletConfig servlet) {
        return new BufferingWatch(relay::reportDegraded, Registration.of(servlet));
    }

    static BufferingWatch over(Relay relay, FilterConfig filter) {
        return new BufferingWatch(relay::reportDegraded, Registration.of(filter));
    }

    /**
     * Looks at an event stream's response behind its first flush, while the container still allows it.
     *
     * @param sent the header fields as the relay set them
     * @return the report that is due; null where nothing is wrong, or it was told before
     */
    @Nullable
    Report look(HttpServletRequest request, HttpServletResponse response, HttpFields sent) {
        Wrapping wrapping = Wrapping.of(response);
        List<String> seen = symptoms(wrapping, sent);
        if (seen.isEmpty()) {
            return null;
        }
        String where = registration.mapping(request);
        if (!told.add(where)) {
            return null;
        }
        return new Report(
                where,
                String.join("; ", seen) + ". "
                        + wrapping.told(request.getServletContext()) + " "
                        + registration.othersTold(request) + " " + REMEDY);
    }

    private static List<String> symptoms(Wrapping wrapping, HttpFields sent) {
        HttpServletResponse inner = wrapping.innermost();
        List<String> seen = new ArrayList<>();
        if (!inner.isCommitted()) {
            seen.add(
                    "an event stream is held back: its response is not committed after the first flush, so that it comes late or is lost");
        }
        foreign(inner, sent, HttpHeader.CONTENT_ENCODING, seen);
        foreign(inner, sent, HttpHeader.CONTENT_LENGTH, seen);
        return seen;
    }

    private static void foreign(HttpServletResponse inner, HttpFields sent, HttpHeader name, List<String> seen) {
        String value = inner.getHeader(name.asString());
        if (value != null && !value.equals(sent.get(name))) {
            seen.add("an event stream was given \"" + name.lowerCaseName() + ": " + value
                    + "\", which the relay did not set");
        }
    }

    /** Tells the relay; not under an exchange's lock. */
    void tell(Report report) {
        reports.accept(report.where(), report.problem());
    }

    /** What is told about one mapping. */
    record Report(String where, String problem) {}
}
