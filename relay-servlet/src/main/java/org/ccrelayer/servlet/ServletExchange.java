package org.ccrelayer.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.ccrelayer.http.ClientRequest;
import org.ccrelayer.http.ClientResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request in a servlet container. Everything that touches the container's objects holds one lock and looks first
 * whether the container has taken them back; whatever is told to the relay is told outside the lock.
 */
final class ServletExchange implements AsyncListener {
    private static final Logger LOG = LoggerFactory.getLogger(ServletExchange.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final AsyncContext async;
    private final ServletRequestBody body;
    private final ServletClientRequest clientRequest;
    private final ServletClientResponse clientResponse;
    private final List<Consumer<Throwable>> goneListeners = new ArrayList<>();
    private @Nullable Throwable gone;
    private boolean finished;

    ServletExchange(
            AsyncContext async,
            HttpServletRequest request,
            HttpServletResponse response,
            Mount mount,
            FirstFlush flush) {
        this.async = async;
        this.body = new ServletRequestBody(this, request);
        this.clientRequest = new ServletClientRequest(this, request, body, mount);
        this.clientResponse = new ServletClientResponse(this, response, flush);
        async.addListener(this);
    }

    ClientRequest clientRequest() {
        return clientRequest;
    }

    ClientResponse clientResponse() {
        return clientResponse;
    }

    ReentrantLock lock() {
        return lock;
    }

    /** Whether the container's objects must not be touched any more; asked under the lock. */
    boolean finished() {
        return finished;
    }

    /** Ends the request cleanly; under the lock. */
    void complete() {
        if (finished) {
            return;
        }
        finished = true;
        try {
            async.complete();
        } catch (IllegalStateException e) {
            // The container has ended the request by itself.
            LOG.debug("a request was over before it was completed", e);
        }
    }

    /** Breaks the request off; under the lock. */
    void breakOff() {
        if (finished) {
            return;
        }
        try {
            async.dispatch();
            finished = true;
        } catch (IllegalStateException e) {
            // The container has noticed the end by itself and takes no dispatch any more.
            LOG.debug("a broken request could not be dispatched", e);
            complete();
        }
    }

    void onGone(Consumer<Throwable> listener) {
        Throwable already;
        lock.lock();
        try {
            already = gone;
            if (already == null) {
                goneListeners.add(listener);
            }
        } finally {
            lock.unlock();
        }
        if (already != null) {
            listener.accept(already);
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        markFinished();
    }

    /** No time limit is set, so this is a container that stops the webapp: what is cut short must not look whole. */
    @Override
    public void onTimeout(AsyncEvent event) {
        lost(event, this::breakOff);
    }

    @Override
    public void onError(AsyncEvent event) {
        lost(event, this::complete);
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // A new cycle on the same request is not this exchange's.
    }

    /** After this call returns, containers allow nobody but themselves to touch the context, so it ends here. */
    private void lost(AsyncEvent event, Runnable end) {
        Throwable cause = event.getThrowable() == null ? new EOFException("the client is gone") : event.getThrowable();
        List<Consumer<Throwable>> told;
        lock.lock();
        try {
            end.run();
            gone = cause;
            told = List.copyOf(goneListeners);
            goneListeners.clear();
        } finally {
            lock.unlock();
        }
        body.failed(cause);
        clientResponse.failed(cause);
        told.forEach(listener -> listener.accept(cause));
    }

    private void markFinished() {
        lock.lock();
        try {
            finished = true;
        } finally {
            lock.unlock();
        }
    }
}
