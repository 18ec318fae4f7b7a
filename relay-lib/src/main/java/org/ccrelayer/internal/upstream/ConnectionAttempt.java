package org.ccrelayer.internal.upstream;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ccrelayer.internal.upstream.UpstreamFailure.Kind;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The making of one connection: address, TCP, proxy and TLS together have one time to be done in. Knows how far it came, so that
 * a failure says what stood in the way. Ends once; safe for concurrent use.
 */
final class ConnectionAttempt implements Promise<Connection> {
    private enum Stage {
        CONNECTING,
        PROXY,
        TLS
    }

    private final Promise<Connection> promise;
    private final boolean proxied;
    private final Scheduler.Task deadline;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile Stage stage = Stage.CONNECTING;
    private volatile @Nullable EndPoint endPoint;
    private volatile long idleTimeout;

    ConnectionAttempt(Promise<Connection> promise, boolean proxied, Duration timeout, Scheduler scheduler) {
        this.promise = promise;
        this.proxied = proxied;
        this.deadline = scheduler.schedule(this::expire, timeout);
    }

    /** The attempt that a connection is made for, as far as the library's own wrapping tells. */
    static ConnectionAttempt in(Map<String, Object> context) {
        Object known = context.get(Connection.PROMISE_CONTEXT_KEY);
        while (known instanceof Promise.Wrapper<?> wrapper) {
            known = wrapper.getWrapped();
        }
        return (ConnectionAttempt) requireNonNull(known, "no attempt");
    }

    /** Bytes can be exchanged; {@code secure} tells whether TLS comes next where there is no proxy. */
    void connected(EndPoint connected, boolean secure) throws IOException {
        if (ended.get()) {
            throw new IOException("the connection came too late");
        }
        idleTimeout = connected.getIdleTimeout();
        // The deadline of the whole decides, not a pause within it.
        connected.setIdleTimeout(0);
        endPoint = connected;
        stage = proxied ? Stage.PROXY : secure ? Stage.TLS : Stage.CONNECTING;
    }

    /** The way to the upstream is open and is being secured. */
    void securing() {
        stage = Stage.TLS;
    }

    @Override
    public void succeeded(Connection connection) {
        if (!ended.compareAndSet(false, true)) {
            connection.close();
            return;
        }
        deadline.cancel();
        EndPoint connected = endPoint;
        if (connected != null) {
            connected.setIdleTimeout(idleTimeout);
        }
        promise.succeeded(connection);
    }

    @Override
    public void failed(Throwable cause) {
        if (ended.compareAndSet(false, true)) {
            deadline.cancel();
            promise.failed(named(cause));
        }
    }

    private void expire() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        TimeoutException cause = new TimeoutException("no connection in time");
        EndPoint connected = endPoint;
        if (connected != null) {
            connected.close(cause);
        }
        promise.failed(named(cause));
    }

    private RoadException named(Throwable cause) {
        return cause instanceof RoadException known ? known : new RoadException(kind(cause), cause);
    }

    private Kind kind(Throwable cause) {
        boolean tcp = cause instanceof ConnectException
                || cause instanceof NoRouteToHostException
                || cause instanceof UnknownHostException
                || cause instanceof SocketTimeoutException;
        boolean late = cause instanceof TimeoutException;
        if (tcp || stage == Stage.CONNECTING) {
            return proxied ? Kind.PROXY_UNREACHABLE : Kind.UNREACHABLE;
        }
        if (stage == Stage.TLS) {
            return late ? Kind.TLS_TIMED_OUT : tlsKind(cause);
        }
        return late ? Kind.PROXY_TIMED_OUT : proxyKind(cause);
    }

    private static Kind tlsKind(Throwable cause) {
        for (Throwable reason = cause; reason != null; reason = reason.getCause()) {
            if (reason instanceof PinnedTrust.NotPinned) {
                return Kind.TLS_NOT_PINNED;
            }
        }
        return Kind.TLS_FAILED;
    }

    /** The library tells what a SOCKS proxy refuses by texts only. */
    private static Kind proxyKind(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        if (text.contains("authentication")) {
            return Kind.PROXY_LOGIN_REFUSED;
        }
        return text.startsWith("SOCKS5 ") ? Kind.PROXY_REFUSED : Kind.PROXY_BROKEN;
    }
}
