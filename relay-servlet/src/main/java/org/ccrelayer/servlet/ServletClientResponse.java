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
        exchange.lock().lock();
        try {
            content = bytes;
            callback = whenDone;
            last = isLast;
            step = Step.TO_WRITE;
            begun = true;
        } finally {
            exchange.lock().unlock();
        }
        advance();
    }

    @Override
    public boolean committed() {
        return begun;
    }

    @Override
    public void abort(Throwable cause) {
        exchange.lock().lock();
        try {
            exchange.breakOff();
        } finally {
            exchange.lock().unlock();
        }
        // Not every container tells of a write that was pending when its request ended.
        failed(cause);
    }

    @Override
    public void onWritePossible() {
        advance();
    }

    @Override
    public void onError(Throwable cause) {
        exchange.lock().lock();
        try {
            exchange.complete();
        } finally {
            exchange.lock().unlock();
        }
        failed(cause);
    }

    /** Goes on with the pending write as far as the container is ready. */
    private void advance() {
        Callback done = null;
        Throwable failure = null;
        exchange.lock().lock();
        try {
            if (exchange.finished() && step != Step.NOTHING) {
                throw new IOException("the request is over");
            }
            while (step != Step.NOTHING && output != null && output.isReady()) {
                step = next(output);
                if (step == Step.NOTHING) {
                    done = callback;
                    finishIfLast();
                }
            }
        } catch (IOException | RuntimeException | LinkageError e) {
            // Wrappers are the host's code; what they lack must not keep an exchange from ending.
            failure = e;
        } finally {
            exchange.lock().unlock();
        }
        firstFlush.tell();
        if (failure != null) {
            failed(failure);
        } else if (done != null) {
            done.succeeded();
        }
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

    void failed(Throwable cause) {
        Callback told;
        exchange.lock().lock();
        try {
            told = step == Step.NOTHING ? null : callback;
            step = Step.NOTHING;
        } finally {
            exchange.lock().unlock();
        }
        if (told != null) {
            told.failed(cause);
        }
    }
}
