package org.ccrelayer.internal.pipeline;

import java.util.function.Consumer;
import org.ccrelayer.http.ClientRequest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/** A request below a prefix, as if the relay were mounted there. */
final class AliasedRequest implements ClientRequest {
    private final ClientRequest request;
    private final String path;

    /** Another's request, with the end of its path that is the relay's. */
    AliasedRequest(ClientRequest request, String path) {
        this.request = request;
        this.path = path;
    }

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public @Nullable String query() {
        return request.query();
    }

    @Override
    public HttpFields headers() {
        return request.headers();
    }

    @Override
    public Content.Source body() {
        return request.body();
    }

    @Override
    public String remoteAddress() {
        return request.remoteAddress();
    }

    @Override
    public String baseUri() {
        String whole = request.path();
        return request.baseUri() + (whole.endsWith(path) ? whole.substring(0, whole.length() - path.length()) : whole);
    }

    @Override
    public void onGone(Consumer<Throwable> listener) {
        request.onGone(listener);
    }
}
