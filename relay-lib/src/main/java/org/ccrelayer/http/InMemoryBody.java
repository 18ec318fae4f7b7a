package org.ccrelayer.http;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.SerializedInvoker;
import org.jspecify.annotations.Nullable;

/**
 * What is written on one side is read on the other, one write at a time: a write is done when it was read, so that a reader that
 * stops stops the writer. One thread at a time writes, one reads; giving up may come from any thread. Nobody is called under the
 * lock.
 */
final class InMemoryBody implements Content.Source {
    private final ReentrantLock lock = new ReentrantLock();
    private final SerializedInvoker invoker = new SerializedInvoker();
    private final Consumer<Throwable> onGivenUp;
    private @Nullable Written pending;
    private @Nullable Runnable demand;
    private @Nullable Throwable failure;
    private boolean complete;

    private record Written(boolean last, ByteBuffer bytes, Callback callback) {}

    /**
     * Nothing written yet.
     *
     * @param onGivenUp is told when the reader gives up, once and not after the end
     */
    InMemoryBody(Consumer<Throwable> onGivenUp) {
        this.onGivenUp = onGivenUp;
    }

    void write(boolean last, ByteBuffer bytes, Callback callback) {
        Throwable failed;
        boolean empty = !bytes.hasRemaining();
        lock.lock();
        try {
            failed = failure;
            if (failed == null && empty) {
                complete = last;
            } else if (failed == null) {
                pending = new Written(last, bytes, callback);
            }
        } finally {
            lock.unlock();
        }
        if (failed != null) {
            callback.failed(failed);
            return;
        }
        if (empty) {
            callback.succeeded();
        }
        serve();
    }

    /** Breaks off what the reader has not read; false where it was over. */
    boolean breakOff(Throwable cause) {
        Written dropped;
        lock.lock();
        try {
            if (complete || failure != null) {
                return false;
            }
            failure = cause;
            dropped = pending;
            pending = null;
        } finally {
            lock.unlock();
        }
        if (dropped != null) {
            dropped.callback().failed(cause);
        }
        serve();
        return true;
    }

    @Override
    public Content.@Nullable Chunk read() {
        Written taken;
        lock.lock();
        try {
            if (failure != null) {
                return Content.Chunk.from(failure, true);
            }
            if (pending == null) {
                return complete ? Content.Chunk.EOF : null;
            }
            taken = pending;
            pending = null;
            complete = taken.last();
        } finally {
            lock.unlock();
        }
        // A copy, since the buffer is the writer's again with the call, and who reads need not release anything.
        byte[] copy = new byte[taken.bytes().remaining()];
        taken.bytes().get(copy);
        taken.callback().succeeded();
        return Content.Chunk.from(ByteBuffer.wrap(copy), taken.last());
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
            ready = pending != null || complete || failure != null;
        } finally {
            lock.unlock();
        }
        if (ready) {
            serve();
        }
    }

    @Override
    public void fail(Throwable cause) {
        if (breakOff(cause)) {
            onGivenUp.accept(cause);
        }
    }

    private void serve() {
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
}
