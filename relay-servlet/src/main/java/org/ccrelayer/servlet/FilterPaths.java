package org.ccrelayer.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Which paths a filter takes for its relay; compared literally with what the client sent. Immutable. */
final class FilterPaths {
    static final String PREFIX = "prefix";
    static final String HEALTH = "health";
    static final String PROBES = "probes";

    /** What a path may be made of that is compared undecoded; a segment of dots alone would lead elsewhere. */
    private static final Pattern PREFIXES = Pattern.compile("(/(?!\\.{1,2}(/|$))[A-Za-z0-9._~!$&'()+,=:@-]+)+");

    /** Segments, in any spelling, by which a container leaves the folder that the path names. */
    private static final Pattern DOTS = Pattern.compile("/(\\.|%2[eE]){1,2}(;[^/]*)?(/|$)");

    private final String prefix;
    private final boolean health;
    private final boolean probes;

    private FilterPaths(String prefix, boolean health, boolean probes) {
        this.prefix = prefix;
        this.health = health;
        this.probes = probes;
    }

    /** Takes what concerns paths out of the parameters. */
    static FilterPaths from(InitParameters parameters) {
        String prefix = parameters.take(PREFIX).orElse("");
        prefixProblem(prefix).ifPresent(problem -> parameters.problem(PREFIX + ": " + problem));
        return new FilterPaths(prefix, parameters.takeFlag(HEALTH), parameters.takeFlag(PROBES));
    }

    /** What is wrong with a prefix, if anything is. */
    static Optional<String> prefixProblem(String prefix) {
        return prefix.isEmpty() || PREFIXES.matcher(prefix).matches()
                ? Optional.empty()
                : Optional.of(
                        "must be a path such as /claude or /ai/claude: a slash before each segment and none at the"
                                + " end, segments of letters, digits and -._~!$&'()+,=:@, as clients send them; without it the"
                                + " relay takes /v1/ and /api/event_logging/batch at the root");
    }

    /**
     * Where the request meets the relay; empty where it is not the relay's.
     *
     * @param withoutAlias takes away a prefix below which the relay serves its paths too
     */
    Optional<Mount> mount(HttpServletRequest request, UnaryOperator<String> withoutAlias) {
        String whole = request.getContextPath() + prefix;
        String uri = request.getRequestURI();
        if (!uri.startsWith(whole + "/")) {
            return Optional.empty();
        }
        Mount mount = Mount.below(request, whole);
        boolean ours = !prefix.isEmpty()
                || taken(request.getMethod(), mount.path())
                || taken(request.getMethod(), withoutAlias.apply(mount.path()));
        // Last, since all of the host's requests come this way.
        return ours && !DOTS.matcher(uri).find() ? Optional.of(mount) : Optional.empty();
    }

    private boolean taken(String method, String path) {
        return path.startsWith("/v1/")
                || path.equals("/api/event_logging/batch")
                || health && path.equals("/health") && (method.equals("GET") || method.equals("HEAD"))
                || probes && (path.equals("/") || path.equals("/api/hello")) && method.equals("HEAD");
    }
}
