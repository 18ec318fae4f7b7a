package org.ccrelayer.servlet;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.ccrelayer.http.ClientResponse;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A servlet response as the relay writes it: each write is one write and one flush, and its bytes stay untouched until
 * the container says that it is ready again.
 */
final class ServletClientResponse implements ClientResponse, WriteListener {
    private enum Step {
        NOTHING,
        TO_WRITE,
        TO_FLUSH,
        TO_FINISH
    }

    private final ServletExchange exchange;
    private final HttpServletResponse response;
    private final FirstFlush firstFlush;
    private @Nullable ServletOutputStream output;
    private ByteBuffer content = ByteBuffer.allocate(0);
    private Callback callback = Callback.NOOP;
    private boolean last;
    private volatile boolean begun;
    private Step step = Step.NOTHING;

    ServletClientResponse(ServletExchange exchange, HttpServletResponse response, FirstFlush firstFlush) {
        this.exchange = exchange;
        this.response = response;
        this.firstFlush = firstFlush;
    }

    /**
     * Registers with the container, on its own thread: on another one Tomcat takes the connection's lock for it, which a
     * thread of its own holds while it waits for the exchange's.
     */
    void open() throws IOException {
        ServletOutputStream opened = response.getOutputStream();
        exchange.lock().lock();
        try {
            output = opened;
        } finally {
            exchange.lock().unlock();
        }
        opened.setWriteListener(this);
    }

    @Override
    public void head(int status, HttpFields headers) {
        exchange.lock().lock();
        try {
            if (exchange.finished()) {
                return;
            }
            firstFlush.head(headers);
            new ResponseHead(status, headers).putInto(response);
        } finally {
            exchange.lock().unlock();
        }
    }

    @Override
    public void write(boolean isLast, ByteBuffer bytes, Callback whenDone) {
        begun = true;
        exchange.lock().signal(() -> {
            content = bytes;
            callback = whenDone;
            last = isLast;
            step = Step.TO_WRITE;
            return advancing();
        });
    }

    @Override
    public boolean committed() {
        return begun;
    }

    @Override
    public void abort(Throwable cause) {
        exchange.lock().signal(() -> {
            exchange.breakOff();
            // Not every container tells of a write that was pending when its request ended.
            return failing(cause);
        });
    }

    @Override
    public void onWritePossible() {
        exchange.lock().signal(this::advancing);
    }

    @Override
    public void onError(Throwable cause) {
        exchange.lock().end(() -> {
            exchange.complete();
            return failing(cause);
        });
    }

    /** Goes on with the pending write as far as the container is ready, under the lock; what it answers is to be done outside. */
    private Runnable advancing() {
        Runnable told;
        try {
            told = advanced();
        } catch (IOException | RuntimeException | LinkageError e) {
            // Wrappers are the host's code; what they lack must not keep an exchange from ending.
            told = failing(e);
        }
        Runnable writer = told;
        return () -> {
            firstFlush.tell();
            writer.run();
        };
    }

    private Runnable advanced() throws IOException {
        if (exchange.finished() && step != Step.NOTHING) {
            throw new IOException("the request is over");
        }
        while (step != Step.NOTHING && output != null && output.isReady()) {
            step = next(output);
            if (step == Step.NOTHING) {
                Callback done = callback;
                finishIfLast();
                return done::succeeded;
            }
        }
        return () -> {};
    }

    private Step next(ServletOutputStream ready) throws IOException {
        switch (step) {
            case TO_WRITE -> {
                put(content, ready);
                return last ? Step.TO_FINISH : Step.TO_FLUSH;
            }
            case TO_FLUSH -> {
                ready.flush();
                return Step.TO_FINISH;
            }
            default -> {
                if (!last) {
                    firstFlush.done();
                }
                return Step.NOTHING;
            }
        }
    }

    /** Writes all of {@code content} at once. */
    static void put(ByteBuffer content, ServletOutputStream output) throws IOException {
        if (!content.hasRemaining()) {
            return;
        }
        if (content.hasArray()) {
            output.write(content.array(), content.arrayOffset() + content.position(), content.remaining());
        } else {
            byte[] copy = new byte[content.remaining()];
            content.duplicate().get(copy);
            output.write(copy);
        }
        content.position(content.limit());
    }

    private void finishIfLast() {
        if (last) {
            exchange.complete();
        }
    }

    /** Gives up a pending write, under the lock; what it answers is to be done outside. */
    Runnable failing(Throwable cause) {
        Callback told = step == Step.NOTHING ? Callback.NOOP : callback;
        step = Step.NOTHING;
        return () -> told.failed(cause);
    }
}
