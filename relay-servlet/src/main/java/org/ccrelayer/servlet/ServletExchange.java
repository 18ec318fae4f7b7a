package org.ccrelayer.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import org.ccrelayer.http.ClientRequest;
import org.ccrelayer.http.ClientResponse;
import org.ccrelayer.http.GoneSignal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request in a servlet container that holds no thread. Everything that touches the container's objects holds one lock
 * and looks first whether the container has taken them back; whatever is told to the relay is told outside the lock.
 */
final class ServletExchange implements AsyncListener {
    private static final Logger LOG = LoggerFactory.getLogger(ServletExchange.class);

    private final ExchangeLock lock = new ExchangeLock();
    private final AsyncContext async;
    private final HttpServletRequest request;
    private final ServletRequestBody body;
    private final ServletClientRequest clientRequest;
    private final ServletClientResponse clientResponse;
    private final GoneSignal gone = new GoneSignal();
    private boolean finished;

    ServletExchange(
            AsyncContext async,
            HttpServletRequest request,
            HttpServletResponse response,
            Mount mount,
            FirstFlush flush) {
        this.async = async;
        this.request = request;
        this.body = new ServletRequestBody(this, request);
        this.clientRequest = new ServletClientRequest(request, body, gone, mount);
        this.clientResponse = new ServletClientResponse(this, response, flush);
        async.addListener(this);
    }

    /** To be called once, on the container's thread, before the relay learns of the request. */
    void open() throws IOException {
        clientResponse.open();
    }

    ClientRequest clientRequest() {
        return clientRequest;
    }

    ClientResponse clientResponse() {
        return clientResponse;
    }

    ExchangeLock lock() {
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
        if (!finished && !dispatched()) {
            timeOut();
        }
    }

    /**
     * Where a webapp that is being stopped has no paths to dispatch to, a clean end would make the answer look whole. Tomcat
     * breaks off what times out and nobody ends. Under the lock.
     */
    private void timeOut() {
        try {
            async.setTimeout(1);
            finished = true;
        } catch (IllegalStateException e) {
            LOG.debug("a broken request could not be timed out", e);
            complete();
        }
    }

    /** Whether the container takes the request back in order to break it off; under the lock. */
    private boolean dispatched() {
        try {
            BreakOff.mark(request);
            async.dispatch();
            finished = true;
            return true;
        } catch (RuntimeException e) {
            // The container has noticed the end by itself, or the webapp is being stopped and has no paths any more.
            LOG.debug("a broken request could not be dispatched", e);
            return false;
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        lock.end(() -> {
            boolean expected = finished;
            finished = true;
            return telling(new EOFException("the request is over"), !expected);
        });
    }

    /** No time limit is set, so this is a container that stops the webapp: what is cut short must not look whole. */
    @Override
    public void onTimeout(AsyncEvent event) {
        lost(event, this::leaveBroken);
    }

    /** Where there is no dispatch any more, Tomcat breaks the answer itself if nobody ends it. */
    private void leaveBroken() {
        if (!finished && !dispatched()) {
            finished = true;
        }
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
        lock.end(() -> {
            end.run();
            return telling(cause, true);
        });
    }

    /** Asked under the lock, done outside. */
    private Runnable telling(Throwable cause, boolean isGone) {
        Runnable reader = body.failing(ClientFailure.of(cause));
        Runnable writer = clientResponse.failing(cause);
        return () -> {
            reader.run();
            writer.run();
            if (isGone) {
                gone.tell(cause);
            }
        };
    }
}
