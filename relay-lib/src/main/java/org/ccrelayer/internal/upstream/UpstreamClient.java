package org.ccrelayer.internal.upstream;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.internal.outbound.UpstreamRequest;
import org.eclipse.jetty.client.ContinueProtocolHandler;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Sends requests to upstreams over HTTP/1.1. Nothing of Jetty's client that would alter traffic is on: no redirects, no
 * cookies, no decoding, no headers of its own. Requests of one account share connections with no other's. Safe for
 * concurrent use.
 */
public final class UpstreamClient implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 10_000;

    /** More than servers take, so that what a client may send is never too much to pass on. */
    private static final int LARGEST_HEADERS = 128 * 1024;

    /** Longer than any answer may stay silent, so that the relay's own deadlines decide. */
    private static final long CONNECTION_SILENCE_MILLIS = TimeUnit.HOURS.toMillis(2);

    private static final Duration IDLE_CONNECTION = Duration.ofSeconds(30);

    private final HttpClient client;
    private final Scheduler scheduler;

    private UpstreamClient(HttpClient client, Scheduler scheduler) {
        this.client = client;
        this.scheduler = scheduler;
    }

    /**
     * A client that is ready to send.
     *
     * @param connectTimeout within which a connection is made
     * @param scheduler runs deadlines; stays the caller's
     * @param buffers where buffers come from
     */
    public static UpstreamClient start(Duration connectTimeout, Scheduler scheduler, ByteBufferPool buffers) {
        ClientConnector connector = new ClientConnector();
        connector.setSelectors(1);
        HttpClientTransportOverHTTP transport = new HttpClientTransportOverHTTP(connector);
        // The pipeline never blocks in a callback, so callbacks may run where the bytes were read.
        transport.setInvocationType(InvocationType.NON_BLOCKING);
        HttpClient client = new HttpClient(transport);
        client.setName("relay-upstream");
        client.setExecutor(threads());
        client.setScheduler(scheduler);
        client.setByteBufferPool(buffers);
        client.setConnectTimeout(connectTimeout.toMillis());
        client.setIdleTimeout(IDLE_CONNECTION.toMillis());
        client.setDestinationIdleTimeout(IDLE_CONNECTION.toMillis());
        client.setMaxConnectionsPerDestination(MOST_CONNECTIONS);
        client.setMaxRequestsQueuedPerDestination(MOST_CONNECTIONS);
        client.setMaxRequestHeadersSize(LARGEST_HEADERS);
        client.setMaxResponseHeadersSize(LARGEST_HEADERS);
        // Heap buffers: metering scans arrays, and servlet containers write arrays.
        client.setUseInputDirectByteBuffers(false);
        leaveTrafficAlone(client);
        try {
            client.start();
        } catch (Exception e) {
            throw new IllegalStateException("the upstream client cannot start", e);
        }
        client.getContentDecoderFactories().clear();
        return new UpstreamClient(client, requireNonNull(scheduler, "scheduler"));
    }

    private static QueuedThreadPool threads() {
        QueuedThreadPool threads =
                new QueuedThreadPool(8 + 2 * Runtime.getRuntime().availableProcessors(), 4);
        threads.setName("relay-upstream");
        threads.setDaemon(true);
        return threads;
    }

    private static void leaveTrafficAlone(HttpClient client) {
        client.setFollowRedirects(false);
        client.setUserAgentField(null);
        client.setDefaultRequestContentType(null);
        client.setHttpCookieStore(new HttpCookieStore.Empty());
        client.getProtocolHandlers().clear();
        client.getProtocolHandlers().put(new ContinueProtocolHandler());
        client.getProtocolHandlers().put(new InterimAnswers());
    }

    /** A request that is ready to be sent; the listener is told how it goes on. */
    public UpstreamExchange prepare(UpstreamRequest upstreamRequest, UpstreamListener listener) {
        Request request = new VerbatimRequest(client, upstreamRequest.origin(), upstreamRequest.target())
                .method(upstreamRequest.method())
                .tag(upstreamRequest.pool())
                .idleTimeout(CONNECTION_SILENCE_MILLIS, TimeUnit.MILLISECONDS)
                .headers(headers -> headers.clear().add(upstreamRequest.headers()))
                .body(new UpstreamBody(upstreamRequest.body()));
        return new UpstreamExchange(request, listener, scheduler);
    }

    /** Closes every connection. */
    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the upstream client did not stop", e);
        }
    }
}
