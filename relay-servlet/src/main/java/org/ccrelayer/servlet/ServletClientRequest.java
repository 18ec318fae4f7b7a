package org.ccrelayer.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.function.Consumer;
import org.ccrelayer.http.ClientRequest;
import org.ccrelayer.http.GoneSignal;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/** A servlet request as the relay reads it; everything but the body is read at once, while the container allows it. */
final class ServletClientRequest implements ClientRequest {
    private final Content.Source body;
    private final GoneSignal gone;
    private final String method;
    private final Mount mount;
    private final @Nullable String query;
    private final HttpFields headers;
    private final String remoteAddress;
    private final String origin;

    ServletClientRequest(HttpServletRequest request, Content.Source body, GoneSignal gone, Mount mount) {
        this.body = body;
        this.gone = gone;
        this.method = request.getMethod();
        this.mount = mount;
        this.query = request.getQueryString();
        this.headers = headers(request);
        this.remoteAddress = request.getRemoteAddr();
        this.origin = request.getScheme() + "://" + request.getHeader("Host");
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
        return mount.path();
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
        return origin + mount.prefix();
    }

    @Override
    public void onGone(Consumer<Throwable> listener) {
        gone.onGone(listener);
    }
}
