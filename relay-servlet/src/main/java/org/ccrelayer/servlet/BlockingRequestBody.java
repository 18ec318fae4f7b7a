package org.ccrelayer.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.SerializedInvoker;
import org.jspecify.annotations.Nullable;

/** A request's body that the container's thread reads, one piece for each demand. */
final class BlockingRequestBody implements Content.Source, BlockingExchange.Task {
    private static final int READ_BYTES = 16 * 1024;

    private final BlockingExchange exchange;
    private final HttpServletRequest request;
    private final long length;
    private final SerializedInvoker invoker = new SerializedInvoker();
    private final ReentrantLock lock = new ReentrantLock();
    private Content.@Nullable Chunk next;
    private @Nullable Runnable demand;
    private @Nullable Throwable failure;
    private boolean consumed;

    BlockingRequestBody(BlockingExchange exchange, HttpServletRequest request) {
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
        lock.lock();
        try {
            Content.Chunk read = next;
            next = null;
            return read == null ? ending() : read;
        } finally {
            lock.unlock();
        }
    }

    private Content.@Nullable Chunk ending() {
        if (failure != null) {
            return Content.Chunk.from(failure);
        }
        return consumed ? Content.Chunk.EOF : null;
    }

    @Override
    public void demand(Runnable callback) {
        boolean ready;
        lock.lock();
        try {
            if (demand != null) {
                throw new IllegalStateException("demand is pending");
            }
            demand = callback;
            ready = ready();
        } finally {
            lock.unlock();
        }
        if (ready) {
            done();
        } else {
            exchange.ask(this);
        }
    }

    private boolean ready() {
        return next != null || failure != null || consumed;
    }

    /** Waits for the client as long as the container does. */
    @Override
    public void touch() {
        if (!wanted()) {
            return;
        }
        try {
            byte[] bytes = new byte[READ_BYTES];
            take(bytes, request.getInputStream().read(bytes));
        } catch (IOException | RuntimeException e) {
            fail(ClientFailure.of(e));
        }
    }

    private boolean wanted() {
        lock.lock();
        try {
            return !ready();
        } finally {
            lock.unlock();
        }
    }

    private void take(byte[] bytes, int count) {
        lock.lock();
        try {
            if (count < 0) {
                consumed = true;
            } else {
                next = Content.Chunk.from(ByteBuffer.wrap(bytes, 0, count), false);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void done() {
        Runnable callback;
        lock.lock();
        try {
            callback = demand;
            demand = null;
        } finally {
            lock.unlock();
        }
        if (callback != null) {
            invoker.run(callback);
        }
    }

    @Override
    public void failed(Throwable cause) {
        fail(cause);
        done();
    }

    @Override
    public void fail(Throwable cause) {
        lock.lock();
        try {
            next = null;
            if (failure == null && !consumed) {
                failure = cause;
            }
        } finally {
            lock.unlock();
        }
    }
}
