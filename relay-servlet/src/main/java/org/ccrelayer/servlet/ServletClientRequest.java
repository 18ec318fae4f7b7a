package org.ccrelayer.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.function.Consumer;
import org.ccrelayer.http.ClientRequest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/** A servlet request as the relay reads it; everything but the body is read at once, while the container allows it. */
final class ServletClientRequest implements ClientRequest {
    private final ServletExchange exchange;
    private final ServletRequestBody body;
    private final String method;
    private final String mount;
    private final String path;
    private final @Nullable String query;
    private final HttpFields headers;
    private final String remoteAddress;
    private final String origin;

    ServletClientRequest(ServletExchange exchange, HttpServletRequest request, ServletRequestBody body) {
        this.exchange = exchange;
        this.body = body;
        this.method = request.getMethod();
        this.mount = mount(request);
        this.path = request.getRequestURI().substring(mount.length());
        this.query = request.getQueryString();
        this.headers = headers(request);
        this.remoteAddress = request.getRemoteAddr();
        this.origin = request.getScheme() + "://" + request.getHeader("Host");
    }

    /** The part of the undecoded path under which the servlet is mapped; nothing where it is written in another way. */
    private static String mount(HttpServletRequest request) {
        String mount = request.getContextPath() + (request.getPathInfo() == null ? "" : request.getServletPath());
        return request.getRequestURI().startsWith(mount) ? mount : "";
    }

    private static HttpFields headers(HttpServletRequest request) {
        HttpFields.Mutable fields = HttpFields.build();
        for (String name : Collections.list(request.getHeaderNames())) {
            for (String value : Collections.list(request.getHeaders(name))) {
                fields.add(name, value);
            }
        }
        return fields.asImmutable();
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public @Nullable String query() {
        return query;
    }

    @Override
    public HttpFields headers() {
        return headers;
    }

    @Override
    public Content.Source body() {
        return body;
    }

    @Override
    public String remoteAddress() {
        return remoteAddress;
    }

    @Override
    public String baseUri() {
        return origin + mount;
    }

    @Override
    public void onGone(Consumer<Throwable> listener) {
        exchange.onGone(listener);
    }
}
