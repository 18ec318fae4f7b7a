package org.ccrelayer.servlet;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.ccrelayer.Relay;
import org.ccrelayer.RelayConfig;
import org.jspecify.annotations.Nullable;

/**
 * Takes a relay's paths and passes everything else down the chain untouched. Map it to {@code /*} with async
 * support; it maps itself to asynchronous dispatches. Without the init parameter {@code prefix} it takes {@code /v1/...} and {@code
 * /api/event_logging/batch}, with {@code health} also {@code /health}, with {@code probes} also what clients probe by
 * {@code HEAD}; with a prefix, all below that; below the relay's {@code
 * path-aliases} the same as without them. Paths are compared literally with what the client sent. The relay comes as
 * {@link RelayServlet} takes it. Safe for concurrent use.
 */
public final class RelayFilter implements Filter {
    private final RelaySource source;
    private @Nullable HostedRelay hosted;
    private @Nullable Doorway doorway;
    private @Nullable FilterPaths paths;

    /** A filter that takes its relay from init parameters or the servlet context. */
    public RelayFilter() {
        this(RelaySource.ofHost());
    }

    /** A filter that serves {@code relay}. */
    public RelayFilter(Relay relay) {
        this(RelaySource.of(relay));
    }

    /** A filter that serves a relay of its own. */
    public RelayFilter(RelayConfig config) {
        this(RelaySource.of(config));
    }

    RelayFilter(RelaySource source) {
        this.source = source;
    }

    @Override
    public void init(FilterConfig config) throws ServletException {
        InitParameters parameters = InitParameters.of(config);
        paths = FilterPaths.from(parameters);
        HostedRelay found = source.open(config.getServletContext(), parameters);
        hosted = found;
        try {
            doorway = Doorway.toApi(found.relay(), BufferingWatch.over(found.relay(), config))
                    .passedBy(!AsyncReturn.secure(config));
        } catch (RuntimeException e) {
            // Containers destroy only what was initialised.
            found.release();
            throw e;
        }
    }

    @Override
    public void destroy() {
        if (hosted != null) {
            hosted.release();
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (doorway == null || paths == null || hosted == null) {
            throw new IllegalStateException("the filter was not initialised");
        }
        doorway.endBroken(request);
        if (request instanceof HttpServletRequest asked && response instanceof HttpServletResponse answer) {
            Optional<Mount> mount = paths.mount(asked, hosted.relay()::withoutAlias);
            if (mount.isPresent()) {
                doorway.serve(asked, answer, mount.get());
                return;
            }
        }
        chain.doFilter(request, response);
    }
}
