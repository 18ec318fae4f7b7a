package org.ccrelayer.simulated;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/**
 * A Claude API server on loopback, speaking HTTP/1.1, that answers as scripts tell it and records what it receives.
 *
 * <p>Requests to {@code POST /v1/messages} and {@code POST /v1/messages/count_tokens} take the next queued script, else
 * the one for their credential, else the default one. A request that the API would not look at, for want of a
 * credential or a version, gets the API's error and takes no script. The list of models and the probes are answered
 * without scripts.
 *
 * <p>Thread-safe. An answer that waits holds no thread, so a thousand slow streams need only the few of the server.
 */
public final class SimulatedClaude implements AutoCloseable {
    private static final int MAX_THREADS = 8;
    private static final int SCHEDULER_THREADS = 2;
    private static final int HEADER_BYTES = 64 << 10;
    private static final long CONNECTION_IDLE_MILLIS = Duration.ofHours(1).toMillis();

    private final Scripts scripts = new Scripts();
    private final Counters counters = new Counters();
    private final AtomicInteger connections = new AtomicInteger();
    private final RequestLog log;
    private final Server server;
    private final ServerConnector connector;

    private SimulatedClaude(Options options) {
        log = new RequestLog(options.recording());
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 1);
        threads.setName("simulated-claude");
        threads.setDaemon(true);
        ScheduledExecutorScheduler scheduler =
                new ScheduledExecutorScheduler("simulated-claude-timer", true, SCHEDULER_THREADS);
        server = new Server(threads, scheduler, null);
        connector = connector(options.port());
        server.addConnector(connector);
        server.setHandler(new ApiHandler(options, scripts, log, counters));
    }

    private ServerConnector connector(int port) {
        ServerConnector created = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration()));
        created.setHost("127.0.0.1");
        created.setPort(port);
        created.setAcceptQueueSize(1024);
        created.setIdleTimeout(CONNECTION_IDLE_MILLIS);
        created.addBean(new Connection.Listener() {
            @Override
            public void onOpened(Connection connection) {
                connections.incrementAndGet();
            }
        });
        return created;
    }

    /** What arrives is to be recorded as it was sent, so nothing is corrected and little is rejected. */
    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setRequestHeaderSize(HEADER_BYTES);
        configuration.setResponseHeaderSize(HEADER_BYTES);
        configuration.setHeaderCacheCaseSensitive(true);
        configuration.setHttpCompliance(
                HttpCompliance.RFC9110.with("RFC9110_AS_SPELLED", HttpCompliance.Violation.CASE_SENSITIVE_FIELD_NAME));
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        return configuration;
    }

    /** Starts a server with the default options on a free port. */
    public static SimulatedClaude start() {
        return start(Options.defaults());
    }

    /**
     * Starts a server.
     *
     * @throws IllegalStateException when it cannot be started, for instance because the port is taken
     */
    public static SimulatedClaude start(Options options) {
        SimulatedClaude claude = new SimulatedClaude(options);
        try {
            claude.server.start();
            return claude;
        } catch (Exception e) {
            claude.close();
            throw new IllegalStateException("cannot listen on port " + options.port(), e);
        }
    }

    /** The base of the API, without a path. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** The port listened on. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Lets the next request that no earlier queued script takes be answered by this one. */
    public SimulatedClaude enqueue(Script script) {
        scripts.enqueue(script);
        return this;
    }

    /** Sets the script of requests for which there is no other; initially {@link Script#answer()}. */
    public SimulatedClaude always(Script script) {
        scripts.always(script);
        return this;
    }

    /** Sets the script of requests that carry this credential, as {@code x-api-key} or as bearer token. */
    public SimulatedClaude forKey(String credential, Script script) {
        scripts.forKey(credential, script);
        return this;
    }

    /**
     * Waits for the next request in arrival order that has not been taken yet. A request arrives with its last byte.
     *
     * @throws IllegalStateException when none arrives in time
     */
    public ReceivedRequest take(Duration timeout) {
        return log.take(timeout);
    }

    /** All requests so far in arrival order, taken or not. */
    public List<ReceivedRequest> received() {
        return log.all();
    }

    /** The number of requests received so far. */
    public int requestCount() {
        return log.count();
    }

    /** The number of scripted answers, streams or not, that have begun and not ended. */
    public int openStreams() {
        return counters.open.get();
    }

    /**
     * The number of scripted answers given up because the peer had gone. Noticed within about 50 ms while an answer
     * waits, otherwise when a write fails.
     */
    public int cancelledStreams() {
        return counters.cancelled.get();
    }

    /** The number of TCP connections accepted so far. */
    public int acceptedConnections() {
        return connections.get();
    }

    /** Stops listening and closes all connections, answers under way included. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the server did not stop", e);
        }
    }

    /** Waits until the server has been stopped. */
    void join() throws InterruptedException {
        server.join();
    }

    /**
     * How a server behaves apart from its scripts.
     *
     * @param port the port to listen on; 0 for a free one
     * @param requiredApiKey when not null, a request with another credential, or with another one besides, gets a 401
     * @param anonymous whether requests without any credential are served; without effect when a key is required
     * @param recording whether requests are kept; a long run with many requests would exhaust the memory otherwise
     * @param promptCache by which usage is counted where the script does not say it; null for none
     */
    public record Options(
            int port, String requiredApiKey, boolean anonymous, boolean recording, PromptCache promptCache) {

        /** A free port, any credential but at least one, recording, and no prompt cache. */
        public static Options defaults() {
            return new Options(0, null, false, true, null);
        }

        /** The same with another port; 0 for a free one. */
        public Options withPort(int newPort) {
            return new Options(newPort, requiredApiKey, anonymous, recording, promptCache);
        }

        /** The same, but requests must carry this credential and no other. */
        public Options withRequiredApiKey(String key) {
            return new Options(port, key, anonymous, recording, promptCache);
        }

        /** The same, but requests need no credential. */
        public Options withAnonymous() {
            return new Options(port, requiredApiKey, true, recording, promptCache);
        }

        /** The same, but requests are only counted. */
        public Options withoutRecording() {
            return new Options(port, requiredApiKey, anonymous, false, promptCache);
        }

        /** The same, but usage tells what that cache has and has not. */
        public Options withPromptCache(PromptCache cache) {
            return new Options(port, requiredApiKey, anonymous, recording, cache);
        }
    }
}
