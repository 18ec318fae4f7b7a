package org.ccrelayer.internal.store.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client library with everything set so that it fails fast, and its few threads. Safe for concurrent use. */
final class LettuceClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LettuceClient.class);
    private static final int THREADS = 2;
    private static final int MOST_WAITING = 10_000;
    private static final Duration FIRST_RECONNECT = Duration.ofMillis(50);
    private static final Duration LATEST_RECONNECT = Duration.ofSeconds(1);
    private static final Duration START_RETRY = Duration.ofMillis(200);

    private final ClientResources resources;
    private final RedisClient client;

    private LettuceClient(ClientResources resources, RedisClient client) {
        this.resources = resources;
        this.client = client;
    }

    /** A client that is connected to nothing. */
    static LettuceClient of(RedisTarget target, LinkTerms terms) {
        ClientResources resources = DefaultClientResources.builder()
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .reconnectDelay(() -> Delay.exponential(FIRST_RECONNECT, LATEST_RECONNECT, 2, TimeUnit.MILLISECONDS))
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
        RedisClient client = RedisClient.create(resources);
        client.setOptions(options(target, terms));
        return new LettuceClient(resources, client);
    }

    private static ClientOptions options(RedisTarget target, LinkTerms terms) {
        ClientOptions.Builder options = ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                // What was under way when a connection broke may have been done; only who asked knows whether to ask
                // again.
                .replayFilter(command -> true)
                .requestQueueSize(MOST_WAITING)
                .timeoutOptions(TimeoutOptions.enabled(terms.deadline()))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(terms.connecting())
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build())
                .sslOptions(trusting(target));
        MaintenanceNotices.unasked(options);
        return options.build();
    }

    /** A server must have a certificate for its name, of an authority that the platform trusts, or one of the file alone. */
    private static SslOptions trusting(RedisTarget target) {
        SslOptions.Builder options = SslOptions.builder().jdkSslProvider();
        return target.trusted()
                .map(file -> options.trustManager(file.toFile()))
                .orElse(options)
                .build();
    }

    /**
     * Connects, waiting for a server that is starting.
     *
     * @throws IllegalStateException if none answers in time, or it refuses the login
     */
    StatefulRedisConnection<String, String> connect(RedisTarget target, LinkTerms terms, InstantSource clock) {
        Instant end = clock.instant().plus(terms.starting());
        while (true) {
            try {
                return connect(target, terms);
            } catch (RedisException e) {
                refusal(e).ifPresent(answer -> {
                    throw new IllegalStateException(
                            "REDIS_ADDR: Redis at " + target + " refuses the connection (" + answer
                                    + "); check REDIS_PASSWORD and REDIS_DB",
                            e);
                });
                if (Thread.currentThread().isInterrupted() || !clock.instant().isBefore(end)) {
                    throw new IllegalStateException(
                            "REDIS_ADDR: no Redis answers at " + target + "; check the address and that it runs", e);
                }
                LOG.debug("No Redis answers at {} yet.", target, e);
                LockSupport.parkNanos(START_RETRY.toNanos());
            }
        }
    }

    /**
     * Connects, trying once. Whoever takes a connection and then says nothing must not keep anybody waiting.
     *
     * @throws RedisException if there is none in time
     */
    StatefulRedisConnection<String, String> connect(RedisTarget target, LinkTerms terms) {
        return client.connect(StringCodec.UTF8, target.uri(terms.connecting()));
    }

    /** A connection of its own that hears what is published there. */
    StatefulConnection<String, String> hear(
            RedisTarget target, LinkTerms terms, String channel, Consumer<String> receiver) {
        StatefulRedisPubSubConnection<String, String> connection;
        try {
            connection = client.connectPubSub(StringCodec.UTF8, target.uri(terms.connecting()));
        } catch (RedisException e) {
            throw new IllegalStateException(
                    "REDIS_ADDR: Redis at " + target + " takes no second connection; check its maxclients", e);
        }
        connection.addListener(new RedisPubSubAdapter<>() {
            @Override
            public void message(String from, String message) {
                receiver.accept(message);
            }
        });
        connection.async().subscribe(channel).exceptionally(e -> {
            LOG.warn(
                    "Redis at {} does not tell what other relays change; this one sees it a little later. Let its user"
                            + " subscribe to the channel {}.",
                    target,
                    channel,
                    e);
            return null;
        });
        return connection;
    }

    /** What a server said that will say it again: the first word of its error. */
    private static Optional<String> refusal(RedisException problem) {
        for (Throwable each = problem; each != null; each = each.getCause()) {
            if (each instanceof RedisCommandExecutionException
                    && !(each instanceof RedisLoadingException)
                    && each.getMessage() != null) {
                return Optional.of(each.getMessage().split(" ", 2)[0]);
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
