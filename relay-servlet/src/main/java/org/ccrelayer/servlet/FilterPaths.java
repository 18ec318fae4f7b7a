package org.ccrelayer.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;

/** Which paths a filter takes for its relay; compared literally with what the client sent. Immutable. */
final class FilterPaths {
    private static final String PREFIX = "prefix";
    private static final String HEALTH = "health";
    private static final String PROBES = "probes";

    private final String prefix;
    private final boolean health;
    private final boolean probes;

    private FilterPaths(String prefix, boolean health, boolean probes) {
        this.prefix = prefix;
        this.health = health;
        this.probes = probes;
    }

    /** Takes what concerns paths out of the parameters. */
    static FilterPaths from(Map<String, String> parameters) {
        String prefix = Optional.ofNullable(parameters.remove(PREFIX)).orElse("");
        boolean health = Boolean.parseBoolean(parameters.remove(HEALTH));
        boolean probes = Boolean.parseBoolean(parameters.remove(PROBES));
        return new FilterPaths(prefix, health, probes);
    }

    /** Where the request meets the relay; empty where it is not the relay's. */
    Optional<Mount> mount(HttpServletRequest request) {
        String whole = request.getContextPath() + prefix;
        if (!request.getRequestURI().startsWith(whole + "/")) {
            return Optional.empty();
        }
        Mount mount = Mount.below(request, whole);
        return prefix.isEmpty() && !taken(mount.path()) ? Optional.empty() : Optional.of(mount);
    }

    private boolean taken(String path) {
        return path.startsWith("/v1/")
                || path.equals("/api/event_logging/batch")
                || health && path.equals("/health")
                || probes && (path.equals("/") || path.equals("/api/hello"));
    }
}
