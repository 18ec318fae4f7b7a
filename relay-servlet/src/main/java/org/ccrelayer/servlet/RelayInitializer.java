package org.ccrelayer.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Registers a {@link RelayFilter} before all other filters where the webapp or the process asks for it, and does nothing
 * else. The context parameter {@code relay.filter}, else the system property of that name, else the variable {@code
 * RELAY_FILTER}, is the prefix below which the filter serves, such as {@code /claude}, or {@code /} for {@code /v1/} and
 * {@code /api/event_logging/batch} at the webapp's root. There {@code relay.filter-health} and {@code
 * relay.filter-probes} are the filter's {@code health} and {@code probes}. Containers find it by themselves. Stateless.
 */
public final class RelayInitializer implements ServletContainerInitializer {
    /** The name under which the filter is registered; a webapp that has a filter of this name keeps its own. */
    public static final String FILTER_NAME = "org.ccrelayer.RelayFilter";

    private static final String ROOT = "/";

    /** An initializer, made by the container. */
    public RelayInitializer() {}

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) throws ServletException {
        HostSettings settings = HostSettings.beforeNaming(context, Surroundings.ofProcess());
        Optional<String> prefix = settings.flag(HostSettings.FILTER);
        if (prefix.isPresent()) {
            register(prefix.get(), settings, context);
        }
    }

    private static void register(String prefix, HostSettings settings, ServletContext context) throws ServletException {
        Optional<String> problem = prefix.equals(ROOT) ? Optional.empty() : FilterPaths.prefixProblem(prefix);
        if (problem.isPresent()) {
            throw new ServletException("relay.filter (RELAY_FILTER): " + problem.get() + ", which here is written /");
        }
        FilterRegistration.Dynamic filter = context.addFilter(FILTER_NAME, RelayFilter.class);
        if (filter == null) {
            return;
        }
        if (!prefix.equals(ROOT)) {
            filter.setInitParameter(FilterPaths.PREFIX, prefix);
        }
        settings.flag(HostSettings.FILTER_HEALTH)
                .ifPresent(value -> filter.setInitParameter(FilterPaths.HEALTH, value));
        settings.flag(HostSettings.FILTER_PROBES)
                .ifPresent(value -> filter.setInitParameter(FilterPaths.PROBES, value));
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
    }
}
