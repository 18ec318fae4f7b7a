package org.ccrelayer.internal.upstream;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.event.PoolState;
import org.ccrelayer.internal.network.EndpointGuard;
import org.ccrelayer.internal.outbound.UpstreamRequest;
import org.ccrelayer.internal.threads.RelayThreads;
import org.eclipse.jetty.client.ContinueProtocolHandler;
import org.eclipse.jetty.client.Destination;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Sends requests to upstreams over HTTP/1.1. Nothing of Jetty's client that would alter traffic is on: no redirects, no
 * cookies, no decoding, no headers of its own. Requests share connections on equal roads only. Safe for concurrent use.
 */
public final class UpstreamClient implements AutoCloseable {
    /** More than servers take, so that what a client may send is never too much to pass on. */
    private static final int LARGEST_HEADERS = 128 * 1024;

    /** Longer than any answer may stay silent, so that the relay's own deadlines decide. */
    private static final long CONNECTION_SILENCE_MILLIS = TimeUnit.HOURS.toMillis(2);

    /** Look-ups block, and a name server that hangs must hold up nothing but look-ups. */
    private static final int LOOKUPS = 4;

    private static final int LEAST_THREADS = 4;
    private static final int THREAD_IDLE_MILLIS = 60_000;
    private static final Duration LAST_LOOKUPS = Duration.ofSeconds(2);

    private final HttpClient client;
    private final Scheduler scheduler;
    private final RelayThreads threads;
    private final ThreadPoolExecutor lookups;
    private final TlsRoads tlsRoads;

    private UpstreamClient(
            HttpClient client,
            Scheduler scheduler,
            RelayThreads threads,
            ThreadPoolExecutor lookups,
            TlsRoads tlsRoads) {
        this.client = client;
        this.scheduler = scheduler;
        this.threads = threads;
        this.lookups = lookups;
        this.tlsRoads = tlsRoads;
    }

    /**
     * What holds for all connections.
     *
     * @param connectTimeout within which a connection is made: look-up, TCP, proxy and TLS together
     * @param idleTimeout after which a connection that carries nothing is closed, and a road without connections forgotten
     * @param connections how many one account may have to its upstream, and how many requests may wait for one
     * @param guard where they may lead
     * @param tls how they are secured where the account does not say
     */
    public record Terms(
            Duration connectTimeout, Duration idleTimeout, int connections, EndpointGuard guard, TlsPolicy tls) {
        public Terms {
            requireNonNull(connectTimeout, "connectTimeout");
            requireNonNull(idleTimeout, "idleTimeout");
            requireNonNull(guard, "guard");
            requireNonNull(tls, "tls");
        }
    }

    /**
     * A client that is ready to send.
     *
     * @param scheduler runs deadlines; stays the caller's
     * @param buffers where buffers come from
     */
    public static UpstreamClient start(Terms terms, Scheduler scheduler, ByteBufferPool buffers) {
        requireNonNull(scheduler, "scheduler");
        TlsRoads tlsRoads = new TlsRoads(terms.tls());
        TlsConnector connector = new TlsConnector();
        connector.setSelectors(1);
        RoadTransport transport = new RoadTransport(connector, terms.guard(), tlsRoads);
        // The pipeline never blocks in a callback, so callbacks may run where the bytes were read.
        transport.setInvocationType(InvocationType.NON_BLOCKING);
        HttpClient client = new HttpClient(transport);
        client.setName("relay-upstream");
        RelayThreads threads = new RelayThreads();
        client.setExecutor(pool(threads));
        client.setScheduler(scheduler);
        client.setByteBufferPool(buffers);
        ThreadPoolExecutor lookups = lookups(threads);
        set(client, terms, lookups);
        leaveTrafficAlone(client);
        try {
            client.start();
        } catch (Exception e) {
            throw new IllegalStateException("the upstream client cannot start", e);
        }
        client.getContentDecoderFactories().clear();
        return new UpstreamClient(client, scheduler, threads, lookups, tlsRoads);
    }

    private static void set(HttpClient client, Terms terms, Executor lookups) {
        client.setConnectTimeout(terms.connectTimeout().toMillis());
        client.setIdleTimeout(terms.idleTimeout().toMillis());
        client.setDestinationIdleTimeout(terms.idleTimeout().toMillis());
        client.setMaxConnectionsPerDestination(terms.connections());
        client.setMaxRequestsQueuedPerDestination(terms.connections());
        client.setMaxRequestHeadersSize(LARGEST_HEADERS);
        client.setMaxResponseHeadersSize(LARGEST_HEADERS);
        // Heap buffers: metering scans arrays, and servlet containers write arrays.
        client.setUseInputDirectByteBuffers(false);
        client.setSocketAddressResolver(new GuardedResolver(
                new SocketAddressResolver.Async(
                        lookups, client.getScheduler(), terms.connectTimeout().toMillis()),
                terms.guard()));
    }

    private static ThreadPoolExecutor lookups(RelayThreads threads) {
        ThreadPoolExecutor lookups = new ThreadPoolExecutor(
                LOOKUPS, LOOKUPS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads.named("relay-lookup"));
        lookups.allowCoreThreadTimeOut(true);
        return lookups;
    }

    private static QueuedThreadPool pool(RelayThreads threads) {
        String name = "relay-upstream";
        int most = 8 + 2 * Runtime.getRuntime().availableProcessors();
        QueuedThreadPool pool =
                new QueuedThreadPool(most, LEAST_THREADS, THREAD_IDLE_MILLIS, -1, null, null, threads.named(name));
        pool.setName(name);
        pool.setDaemon(true);
        return pool;
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
                .tag(upstreamRequest.road())
                .idleTimeout(CONNECTION_SILENCE_MILLIS, TimeUnit.MILLISECONDS)
                .headers(headers -> headers.clear().add(upstreamRequest.headers()))
                .body(new UpstreamBody(upstreamRequest.body()));
        return new UpstreamExchange(request, listener, scheduler);
    }

    /** What of a TLS policy for the whole relay cannot be kept on this platform, by field; nothing where all can. */
    public static Map<String, String> problems(TlsPolicy general) {
        return new TlsRoads(general).problems(TlsPolicy.DEFAULT);
    }

    /** What of an account's TLS policy cannot be kept on this platform, by field; nothing where all can. May take a while. */
    public Map<String, String> tlsProblems(TlsPolicy policy) {
        return tlsRoads.problems(policy);
    }

    /** The connections of every account that has any. */
    public List<PoolState> pools() {
        Map<String, PoolState> byAccount = new TreeMap<>();
        for (Destination destination : client.getDestinations()) {
            RoadDestination road = (RoadDestination) destination;
            byAccount.merge(road.road().account(), road.state(), PoolState::plus);
        }
        return List.copyOf(byAccount.values());
    }

    /** Closes every connection. */
    @Override
    public void close() {
        try {
            client.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the upstream client did not stop", e);
        } finally {
            lookups.shutdownNow();
            awaitThreads();
        }
    }

    /** A look-up that hangs is not waited for longer. */
    private void awaitThreads() {
        try {
            threads.awaitEnd(LAST_LOOKUPS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
