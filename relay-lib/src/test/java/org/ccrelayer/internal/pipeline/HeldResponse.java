package org.ccrelayer.internal.pipeline;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.ccrelayer.http.ClientResponse;
import org.ccrelayer.testkit.Wait;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A response without a container: a write is done when the test says so, and it is refused after an abort. */
final class HeldResponse implements ClientResponse {
    private final AtomicReference<@Nullable Callback> pending = new AtomicReference<>();
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger wronglyUsed = new AtomicInteger();
    private final AtomicBoolean aborted = new AtomicBoolean();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private volatile boolean flowing;
    private volatile boolean last;

    /** Writes succeed at once from now on. */
    void flow() {
        flowing = true;
        Callback waiting = pending.getAndSet(null);
        if (waiting != null) {
            waiting.succeeded();
        }
    }

    /** Waits for a write that is pending. */
    void awaitWrite() {
        Wait.until("a pending write", () -> pending.get() != null);
    }

    void succeed() {
        Wait.until("a pending write", () -> pending.get() != null);
        take().succeeded();
    }

    void fail() {
        Wait.until("a pending write", () -> pending.get() != null);
        take().failed(new IOException("the connection was reset"));
    }

    private Callback take() {
        Callback waiting = pending.getAndSet(null);
        if (waiting == null) {
            throw new AssertionError("no write is pending");
        }
        return waiting;
    }

    int writes() {
        return writes.get();
    }

    /** Whether the write that ends the answer was begun. */
    boolean lastBegun() {
        return last;
    }

    boolean aborted() {
        return aborted.get();
    }

    /** How often something was written after an abort or over another write. */
    int wronglyUsed() {
        return wronglyUsed.get();
    }

    String text() {
        synchronized (body) {
            return body.toString(StandardCharsets.UTF_8);
        }
    }

    @Override
    public void head(int status, HttpFields headers) {
        check(!aborted.get());
    }

    @Override
    public void write(boolean isLast, ByteBuffer content, Callback callback) {
        check(!aborted.get());
        writes.incrementAndGet();
        last = isLast;
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        synchronized (body) {
            body.writeBytes(bytes);
        }
        if (flowing) {
            callback.succeeded();
        } else {
            check(pending.compareAndSet(null, callback));
        }
    }

    private void check(boolean right) {
        if (!right) {
            wronglyUsed.incrementAndGet();
        }
    }

    @Override
    public boolean committed() {
        return writes.get() > 0;
    }

    @Override
    public void abort(Throwable cause) {
        aborted.set(true);
    }
}
