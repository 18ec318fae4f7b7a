package org.ccrelayer.standalone;

import java.util.function.Consumer;
import org.ccrelayer.http.ClientRequest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** A request of a Jetty server as the relay reads it. */
final class CoreRequest implements ClientRequest {
    private final Request request;

    CoreRequest(Request request) {
        this.request = request;
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String path() {
        String path = request.getHttpURI().getPath();
        return path == null ? "" : path;
    }

    @Override
    public @Nullable String query() {
        return request.getHttpURI().getQuery();
    }

    @Override
    public HttpFields headers() {
        return request.getHeaders();
    }

    @Override
    public Content.Source body() {
        return request;
    }

    @Override
    public String remoteAddress() {
        return Request.getRemoteAddr(request);
    }

    @Override
    public String baseUri() {
        return request.getHttpURI().getScheme() + "://" + request.getHttpURI().getAuthority();
    }

    @Override
    public void onGone(Consumer<Throwable> listener) {
        request.addFailureListener(listener);
    }
}
