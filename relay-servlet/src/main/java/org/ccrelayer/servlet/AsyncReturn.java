package org.ccrelayer.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import java.util.EnumSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has asynchronous dispatches come to a filter wherever requests do, since filters are mapped to requests only by default. */
final class AsyncReturn {
    private static final Logger LOG = LoggerFactory.getLogger(AsyncReturn.class);

    private AsyncReturn() {}

    /**
     * Maps the filter to asynchronous dispatches, before all other filters, so that none of them meets a broken answer.
     * False where that cannot be done any more, as in a context that has been started; the log says so.
     */
    static boolean secure(FilterConfig config) {
        String name = config.getFilterName();
        FilterRegistration own = config.getServletContext().getFilterRegistration(name);
        boolean mapped = own != null && map(own);
        if (!mapped) {
            LOG.warn(
                    "The filter '{}' cannot map itself to asynchronous dispatches and will hold a thread for each"
                            + " request. Let its context initialise it while it starts.",
                    name);
        }
        return mapped;
    }

    private static boolean map(FilterRegistration own) {
        String[] patterns = own.getUrlPatternMappings().toArray(String[]::new);
        String[] servlets = own.getServletNameMappings().toArray(String[]::new);
        try {
            if (patterns.length > 0) {
                own.addMappingForUrlPatterns(EnumSet.of(DispatcherType.ASYNC), false, patterns);
            }
            if (servlets.length > 0) {
                own.addMappingForServletNames(EnumSet.of(DispatcherType.ASYNC), false, servlets);
            }
        } catch (IllegalStateException | UnsupportedOperationException e) {
            LOG.debug("a filter was initialised after its context was started", e);
            return false;
        }
        return patterns.length + servlets.length > 0;
    }
}
