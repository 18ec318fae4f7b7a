package org.ccrelayer.internal.upstream;

import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.ccrelayer.internal.upstream.UpstreamFailure.Kind;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Scheduler;

/** One request on its way to an upstream; it can be given up at any time. Safe for concurrent use. */
public final class UpstreamExchange {
    private static final Duration EARLY_ANSWER_PATIENCE = Duration.ofMillis(250);
    private static final Runnable RELEASED = () -> {};

    private final Request request;
    private final UpstreamListener listener;
    private final Scheduler scheduler;
    private final AtomicBoolean told = new AtomicBoolean();
    private final AtomicReference<Kind> givenUp = new AtomicReference<>();
    private final AtomicReference<Runnable> afterRelease = new AtomicReference<>();
    private volatile boolean sent;
    private volatile boolean requestWritten;
    private volatile Scheduler.Task headerTimeout = () -> false;

    /** An upstream that answered early may never read the rest of the request; then its connection is of no further use. */
    private volatile Scheduler.Task patience = () -> false;

    UpstreamExchange(Request request, UpstreamListener listener, Scheduler scheduler) {
        this.request = request;
        this.listener = listener;
        this.scheduler = scheduler;
    }

    /**
     * Sends the request; called once.
     *
     * @param timeout within which the answer's headers must arrive
     */
    public void send(Duration timeout) {
        long headerTimeoutMillis = timeout.toMillis();
        headerTimeout = scheduler.schedule(
                () -> giveUp(Kind.TIMEOUT, new TimeoutException("no headers within " + headerTimeoutMillis + " ms")),
                headerTimeoutMillis,
                TimeUnit.MILLISECONDS);
        request.onRequestHeaders(beginning -> sent = true)
                .onRequestSuccess(written -> requestWritten = true)
                .onResponseContentSource(this::answered)
                .send(this::completed);
    }

    /** Gives the request up: its connection is closed, so that the upstream notices. */
    public void cancel(Throwable cause) {
        giveUp(Kind.CANCELLED, cause);
    }

    /** Whether the upstream may have seen the request. */
    public boolean sent() {
        return sent;
    }

    private void giveUp(Kind kind, Throwable cause) {
        givenUp.compareAndSet(null, kind);
        request.abort(cause);
    }

    private void answered(Response response, Content.Source body) {
        if (response.getStatus() < 200) {
            // Interim answers were passed over, so this is a switch to a protocol that nobody asked for.
            giveUp(Kind.UNREACHABLE, new ProtocolException("the upstream switches protocols"));
        } else if (told.compareAndSet(false, true)) {
            headerTimeout.cancel();
            listener.answered(response.getStatus(), response.getHeaders().asImmutable(), body);
        }
    }

    private void completed(Result result) {
        tell(result);
        Runnable waiting = afterRelease.getAndSet(RELEASED);
        patience.cancel();
        if (waiting != null) {
            waiting.run();
        }
    }

    /**
     * Asks for a call when the answer's connection is free for another request, which is shortly after the answer's last
     * byte was read; whoever lets a client go on before that makes the next request open a connection more.
     *
     * @return false if it is free already, and there will be no call
     */
    public boolean awaitRelease(Runnable task) {
        if (!afterRelease.compareAndSet(null, task)) {
            return afterRelease.get() != RELEASED;
        }
        if (requestWritten) {
            return true;
        }
        patience = scheduler.schedule(
                () -> request.abort(new IOException("the answer came before the request was read")),
                EARLY_ANSWER_PATIENCE);
        return true;
    }

    private void tell(Result result) {
        if (!told.compareAndSet(false, true)) {
            return;
        }
        headerTimeout.cancel();
        Throwable failure = result.getFailure();
        if (failure == null) {
            Response response = result.getResponse();
            listener.answered(response.getStatus(), response.getHeaders().asImmutable(), Content.Source.from());
        } else {
            Kind kind = givenUp.get();
            listener.failed(new UpstreamFailure(kind == null ? kind(failure) : kind, sent, failure));
        }
    }

    private static Kind kind(Throwable failure) {
        if (failure instanceof RoadException known) {
            return known.kind();
        }
        // An upstream may refuse a client's certificate only after the handshake is done.
        return failure instanceof SSLException ? Kind.TLS_FAILED : Kind.UNREACHABLE;
    }
}
