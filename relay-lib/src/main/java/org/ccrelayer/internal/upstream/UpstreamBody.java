package org.ccrelayer.internal.upstream;

import org.ccrelayer.http.ReplayableBody;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/** A kept body as the client library wants it. */
final class UpstreamBody implements Request.Content {
    private final ReplayableBody body;
    private Content.Source source;

    UpstreamBody(ReplayableBody body) {
        this.body = body;
        this.source = body.open();
    }

    /** Null, since a type that the client did not give would be one that the relay invents. */
    @Override
    public @Nullable String getContentType() {
        return null;
    }

    @Override
    public long getLength() {
        return body.length();
    }

    @Override
    public Content.Chunk read() {
        return source.read();
    }

    @Override
    public void demand(Runnable demandCallback) {
        source.demand(demandCallback);
    }

    @Override
    public void fail(Throwable failure) {
        source.fail(failure);
    }

    @Override
    public boolean rewind() {
        source = body.open();
        return true;
    }
}
