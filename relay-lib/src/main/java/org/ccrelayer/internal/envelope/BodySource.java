package org.ccrelayer.internal.envelope;

import java.util.List;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.SerializedInvoker;
import org.jspecify.annotations.Nullable;

/**
 * Delivers parts of a {@link RequestBody} that are in memory, so that reading never waits. Read by one thread at a time;
 * {@code fail} may come from any.
 */
final class BodySource implements Content.Source {
    private final RequestBody body;
    private final List<Slice> slices;
    private final long length;
    private final Runnable endUse;
    private final SerializedInvoker invoker = new SerializedInvoker(BodySource.class);
    private int next;
    private Content.@Nullable Chunk failure;

    BodySource(RequestBody body, List<Slice> slices, long length) {
        this.body = body;
        this.slices = slices;
        this.length = length;
        this.endUse = body::endUse;
    }

    @Override
    public long getLength() {
        return length;
    }

    @Override
    public synchronized Content.Chunk read() {
        if (failure != null) {
            return failure;
        }
        if (next == slices.size()) {
            return Content.Chunk.EOF;
        }
        if (!body.beginUse()) {
            failure = Content.Chunk.from(new IllegalStateException("the request body was released"));
            return failure;
        }
        Slice slice = slices.get(next++);
        return Content.Chunk.from(slice.buffer(), next == slices.size(), endUse);
    }

    @Override
    public void demand(Runnable demandCallback) {
        invoker.run(demandCallback);
    }

    @Override
    public synchronized void fail(Throwable cause) {
        if (failure == null && next < slices.size()) {
            failure = Content.Chunk.from(cause);
        }
    }

    @Override
    public synchronized boolean rewind() {
        next = 0;
        failure = null;
        return true;
    }
}
