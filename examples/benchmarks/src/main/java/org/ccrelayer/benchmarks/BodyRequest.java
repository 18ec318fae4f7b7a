package org.ccrelayer.benchmarks;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.ccrelayer.http.ClientRequest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body is there, in pieces as a connection delivers them.
 *
 * @param content the whole body
 */
record BodyRequest(ByteBuffer content) implements ClientRequest {
    private static final int READ_BYTES = 16 * 1024;

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public String path() {
        return "/v1/messages";
    }

    @Override
    public @Nullable String query() {
        return null;
    }

    @Override
    public HttpFields headers() {
        return HttpFields.build().put(HttpHeader.CONTENT_LENGTH, content.remaining());
    }

    @Override
    public Content.Source body() {
        List<ByteBuffer> pieces = new ArrayList<>();
        for (int from = 0; from < content.remaining(); from += READ_BYTES) {
            pieces.add(content.slice(from, Math.min(READ_BYTES, content.remaining() - from)));
        }
        return Content.Source.from(pieces.toArray(ByteBuffer[]::new));
    }

    @Override
    public String remoteAddress() {
        return "127.0.0.1";
    }

    @Override
    public String baseUri() {
        return "http://127.0.0.1";
    }

    @Override
    public void onGone(Consumer<Throwable> listener) {}
}
