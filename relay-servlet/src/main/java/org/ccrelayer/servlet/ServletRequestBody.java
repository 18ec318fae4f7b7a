package org.ccrelayer.servlet;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.SerializedInvoker;
import org.jspecify.annotations.Nullable;

/** A servlet request's body as a content source. The container is asked for data only once the relay asks. */
final class ServletRequestBody implements Content.Source, ReadListener {
    private static final int READ_BYTES = 16 * 1024;

    private final ServletExchange exchange;
    private final HttpServletRequest request;
    private final long length;
    private final SerializedInvoker invoker = new SerializedInvoker();
    private @Nullable ServletInputStream input;
    private @Nullable Runnable demand;
    private @Nullable Throwable failure;
    private boolean consumed;

    ServletRequestBody(ServletExchange exchange, HttpServletRequest request) {
        this.exchange = exchange;
        this.request = request;
        this.length = request.getContentLengthLong();
    }

    @Override
    public long getLength() {
        return length;
    }

    @Override
    public Content.@Nullable Chunk read() {
        exchange.lock().lock();
        try {
            if (failure != null) {
                return Content.Chunk.from(failure);
            }
            if (consumed) {
                return Content.Chunk.EOF;
            }
            return input == null || exchange.finished() ? null : readOf(input);
        } catch (IOException | RuntimeException e) {
            Throwable cause = ClientFailure.of(e);
            failure = cause;
            return Content.Chunk.from(cause);
        } finally {
            exchange.lock().unlock();
        }
    }

    /**
     * Asks for the end first: Tomcat spends its only word of it on the listener that it saw when its call began, which is none where that
     * came in another thread meanwhile.
     */
    private Content.@Nullable Chunk readOf(ServletInputStream open) throws IOException {
        if (open.isFinished()) {
            consumed = true;
            return Content.Chunk.EOF;
        }
        return open.isReady() ? readReady(open) : null;
    }

    private Content.Chunk readReady(ServletInputStream ready) throws IOException {
        byte[] bytes = new byte[READ_BYTES];
        int count = ready.read(bytes);
        if (count < 0) {
            consumed = true;
            return Content.Chunk.EOF;
        }
        return Content.Chunk.from(ByteBuffer.wrap(bytes, 0, count), false);
    }

    @Override
    public void demand(Runnable callback) {
        exchange.lock().signal(() -> {
            if (demand != null) {
                throw new IllegalStateException("demand is pending");
            }
            demand = callback;
            return failure != null || consumed || ask() ? serving() : () -> {};
        });
    }

    /** Whether there is something to tell now; if not, the container will call. */
    private boolean ask() {
        if (exchange.finished()) {
            failure = new IOException("the request is over");
            return true;
        }
        try {
            if (input == null) {
                input = request.getInputStream();
                input.setReadListener(this);
                return input.isFinished();
            }
            return input.isFinished() || input.isReady();
        } catch (IOException | RuntimeException e) {
            failure = ClientFailure.of(e);
            return true;
        }
    }

    /** Meets the demand, if there is one: asked under the lock, done outside. */
    private Runnable serving() {
        Runnable callback = demand;
        demand = null;
        return callback == null ? () -> {} : () -> invoker.run(callback);
    }

    @Override
    public void onDataAvailable() {
        exchange.lock().signal(this::serving);
    }

    @Override
    public void onAllDataRead() {
        exchange.lock().signal(() -> {
            consumed = true;
            return serving();
        });
    }

    @Override
    public void onError(Throwable cause) {
        exchange.lock().signal(() -> failing(ClientFailure.of(cause)));
    }

    /** Under the lock; what it answers is to be done outside. */
    Runnable failing(Throwable cause) {
        giveUp(cause);
        return serving();
    }

    @Override
    public void fail(Throwable cause) {
        exchange.lock().signal(() -> {
            giveUp(cause);
            return () -> {};
        });
    }

    private void giveUp(Throwable cause) {
        if (failure == null && !consumed) {
            failure = cause;
        }
    }
}
