package org.ccrelayer.servlet;

import jakarta.servlet.Registration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once for each context and mapping that requests hold a thread, and whose declaration is to be mended. A container
 * tells only that one of those that a request has passed lacks async support, not which. Safe for concurrent use.
 */
final class HeldThreadNotice {
    private static final Logger LOG = LoggerFactory.getLogger(HeldThreadNotice.class);

    private final Set<String> given = ConcurrentHashMap.newKeySet();

    /** To be called on the container's thread, within whatever stands before the relay. */
    void give(HttpServletRequest request) {
        HttpServletMapping mapping = request.getHttpServletMapping();
        String pattern = mapping == null ? "" : mapping.getPattern();
        if (given.add(request.getContextPath() + ' ' + pattern)) {
            LOG.warn(
                    "The relay holds a thread for each request to '{}{}', since async support is missing on the way to"
                            + " it. Declare <async-supported>true</async-supported> or call setAsyncSupported(true) for"
                            + " whichever lacks it of: {}.",
                    request.getContextPath(),
                    pattern,
                    passed(request, mapping == null ? "" : mapping.getServletName()));
        }
    }

    private static String passed(HttpServletRequest request, String mapped) {
        ServletContext context = request.getServletContext();
        RunningCode running = RunningCode.now();
        Stream<String> filters =
                MappedFilters.of(request).stream().filter(running::has).map(filter -> named("filter", filter));
        ServletRegistration own = context.getServletRegistration(mapped);
        String ownClass = own == null ? "" : own.getClassName();
        Stream<String> servlets = context.getServletRegistrations().values().stream()
                .filter(running::has)
                .filter(servlet -> servlet.getName().equals(mapped)
                        || !servlet.getClassName().equals(ownClass))
                .map(servlet -> named("servlet", servlet));
        return Stream.concat(filters, servlets).collect(Collectors.joining(", "));
    }

    private static String named(String kind, Registration registered) {
        return kind + " '" + registered.getName() + "' (" + registered.getClassName() + ')';
    }
}
