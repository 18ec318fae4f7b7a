package org.ccrelayer.servlet;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Where a request meets the relay, both parts as the client sent them, undecoded.
 *
 * @param prefix the part of the path before the relay's own, without a trailing slash; empty at the root
 * @param path the relay's own path, beginning with a slash
 */
record Mount(String prefix, String path) {
    private static final String ADMIN = "/admin";

    /** The mount of a relay's servlet: everything below what it is mapped to. */
    static Mount ofServlet(HttpServletRequest request) {
        String prefix = request.getContextPath() + (request.getPathInfo() == null ? "" : request.getServletPath());
        return below(request, prefix);
    }

    /**
     * The mount of an administration's servlet. What it is mapped to stands for {@code /admin}; mapped to single paths or as
     * the default servlet, it takes paths that have their {@code /admin} themselves.
     */
    static Mount ofAdministration(HttpServletRequest request) {
        Mount mount = ofServlet(request);
        return request.getPathInfo() == null ? mount : new Mount(mount.prefix(), ADMIN + mount.path());
    }

    /** The mount below that prefix; at the root where the client wrote the prefix in another way. */
    static Mount below(HttpServletRequest request, String prefix) {
        String uri = request.getRequestURI();
        return uri.startsWith(prefix) ? new Mount(prefix, uri.substring(prefix.length())) : new Mount("", uri);
    }
}
