package org.ccrelayer.testkit;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.ccrelayer.http.ClientRequest;
import org.ccrelayer.http.GoneSignal;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.content.AsyncContent;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A request without a container. Its body is given whole with {@link #body}, or as time goes by with {@link #feed},
 * {@link #end} and {@link #breakOff}, from any thread; whoever waits for it goes on in that thread.
 */
public final class InMemoryRequest implements ClientRequest {
    private final class Body extends AsyncContent {
        @Override
        public void fail(Throwable failure) {
            failure(failure);
            super.fail(failure);
        }
    }

    private final String method;
    private final String path;
    private final HttpFields.Mutable headers = HttpFields.build();
    private final AsyncContent body = new Body();
    private Content.Source source = body;
    private final AtomicInteger pending = new AtomicInteger();
    private final GoneSignal gone = new GoneSignal();
    private @Nullable String query;
    private volatile @Nullable Throwable failure;

    private InMemoryRequest(String method, String path) {
        this.method = method;
        this.path = path;
    }

    /** A request with no header fields, whose body has not begun. */
    public static InMemoryRequest of(String method, String path) {
        return new InMemoryRequest(method, path);
    }

    /** As {@link #of} with {@code POST}. */
    public static InMemoryRequest post(String path) {
        return of("POST", path);
    }

    /** Sets the query, without its question mark. */
    public InMemoryRequest query(String value) {
        query = value;
        return this;
    }

    /** Adds a header field. */
    public InMemoryRequest header(String name, String value) {
        headers.add(name, value);
        return this;
    }

    /** Gives the whole body, each piece as one chunk; announces no length. */
    public InMemoryRequest body(byte[]... pieces) {
        for (int i = 0; i < pieces.length - 1; i++) {
            feed(pieces[i]);
        }
        if (pieces.length == 0) {
            end();
        } else {
            write(true, pieces[pieces.length - 1]);
        }
        return this;
    }

    /** Has {@code other} for its body; then {@link #body}, {@link #feed} and {@link #end} have no effect. */
    public InMemoryRequest source(Content.Source other) {
        source = other;
        return this;
    }

    /** The next piece of the body arrives. */
    public void feed(byte[] piece) {
        write(false, piece);
    }

    /** The body is complete. */
    public void end() {
        body.close();
    }

    /** The connection breaks while the body is read. */
    public void breakOff(Throwable cause) {
        body.fail(cause);
    }

    /** The container learns that the client is gone. */
    public void clientGone(Throwable cause) {
        gone.tell(cause);
    }

    /** How many pieces were given and not released yet: unread, or still in somebody's hand. */
    public int pendingPieces() {
        return pending.get();
    }

    /** What the body was failed with, by {@link #breakOff} or by its reader. */
    public @Nullable Throwable bodyFailure() {
        return failure;
    }

    private void failure(Throwable cause) {
        failure = cause;
    }

    private void write(boolean last, byte[] piece) {
        pending.incrementAndGet();
        body.write(last, ByteBuffer.wrap(piece.clone()), Callback.from(pending::decrementAndGet));
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
        return source;
    }

    @Override
    public String remoteAddress() {
        return "192.0.2.1";
    }

    @Override
    public String baseUri() {
        return "http://relay.example";
    }

    @Override
    public void onGone(Consumer<Throwable> listener) {
        gone.onGone(listener);
    }
}
