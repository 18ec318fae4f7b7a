package org.ccrelayer.internal.store.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay's one connection to Redis, which all threads share. It fails fast: a command that is not answered within its deadline
 * fails, one without a connection fails at once, and after several that were not answered none is sent for a moment. Whatever
 * goes wrong is a {@link RelayException} with {@code STORE_UNAVAILABLE}. Safe for concurrent use, but not by its own threads.
 */
final class RedisLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final int TIMEOUTS = 5;
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);
    private static final Duration BETWEEN_PINGS = Duration.ofSeconds(1);

    private final RedisTarget target;
    private final LinkTerms terms;
    private final InstantSource clock;
    private final LettuceClient client;
    private final Breaker breaker;
    private final AtomicReference<Instant> asked = new AtomicReference<>(Instant.MIN);
    private volatile StatefulRedisConnection<String, String> connection;
    private final AtomicReference<@Nullable Instant> awaySince = new AtomicReference<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private RedisLink(RedisTarget target, LinkTerms terms, LettuceClient client, InstantSource clock) {
        this.target = target;
        this.terms = terms;
        this.client = client;
        this.clock = clock;
        this.connection = client.connect(target, terms, clock);
        this.breaker = new Breaker(clock, TIMEOUTS, PAUSE);
    }

    /**
     * Connects.
     *
     * @throws IllegalStateException if no server answers, it refuses the login, or it is one that the relay cannot use
     */
    static RedisLink open(RedisTarget target, InstantSource clock) {
        return open(target, LinkTerms.USUAL, clock);
    }

    /** As {@link #open(RedisTarget, InstantSource)}, waiting as long as the terms say. */
    static RedisLink open(RedisTarget target, LinkTerms terms, InstantSource clock) {
        LettuceClient client = LettuceClient.of(target, terms);
        try {
            RedisLink link = new RedisLink(target, terms, client, clock);
            ServerCheck.of(link).check(target);
            return link;
        } catch (RuntimeException | Error e) {
            client.close();
            throw e;
        }
    }

    /**
     * The answer to a command; waits for it, within the deadline.
     *
     * @throws RelayException {@code STORE_UNAVAILABLE} if there is none, or it is an error
     */
    <T> T call(Function<RedisAsyncCommands<String, String>, ? extends CompletionStage<T>> command) {
        return await(sent(command));
    }

    /**
     * What a script answers, which is sent to the server where that does not know it; waits for it, within the deadline. An
     * answer that is not a list is a list of one.
     *
     * @throws RelayException {@code STORE_UNAVAILABLE} if there is no answer, or it is an error
     */
    List<Object> run(Script script, List<String> keys, List<String> arguments) {
        return await(sent(script, keys, arguments));
    }

    /**
     * Gives the server scripts beforehand, so that they run when they are first sent; for the start, as {@link #patiently}.
     *
     * @throws RelayException {@code STORE_UNAVAILABLE} if it does not take them within the time for a server that is starting
     */
    void load(Script... scripts) {
        for (Script script : scripts) {
            patiently(redis -> redis.scriptLoad(script.source()));
        }
    }

    /**
     * As {@link #call}, for the start: it waits as for a server that is starting, as a machine on which everything starts at once may take
     * longer for the first answers than the deadline. To be used for what may be done twice.
     *
     * @throws RelayException {@code STORE_UNAVAILABLE} if there is no answer by then, or it is an error
     */
    <T> T patiently(Function<RedisAsyncCommands<String, String>, ? extends CompletionStage<T>> command) {
        long tries = terms.starting().dividedBy(terms.deadline().plus(BETWEEN_TRIES));
        for (long left = tries; ; left--) {
            try {
                return call(command);
            } catch (RelayException e) {
                if (left <= 0
                        || !Trouble.ofTheServer(e)
                        || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                LOG.debug("Redis at {} does not answer yet.", target, e);
                LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
            }
        }
    }

    /** Whether a script answers 1. */
    boolean decides(Script script, List<String> keys, List<String> arguments) {
        return run(script, keys, arguments).equals(List.of(1L));
    }

    /** As {@link #call}, without waiting; the future fails with {@link RelayException}s. */
    <T> CompletableFuture<T> sent(Function<RedisAsyncCommands<String, String>, ? extends CompletionStage<T>> command) {
        return raw(command).exceptionallyCompose(e -> CompletableFuture.failedFuture(unavailable(e)));
    }

    /**
     * As {@link #run}, without waiting; the future fails with {@link RelayException}s. What is sent later is done later, unless
     * the server lost its scripts meanwhile.
     */
    CompletableFuture<List<Object>> sent(Script script, List<String> keys, List<String> arguments) {
        String[] names = keys.toArray(String[]::new);
        String[] values = arguments.toArray(String[]::new);
        return this.<List<Object>>raw(redis -> redis.evalsha(script.sha1(), ScriptOutputType.MULTI, names, values))
                .exceptionallyCompose(e -> cause(e) instanceof RedisNoScriptException
                        ? raw(redis -> redis.eval(script.source(), ScriptOutputType.MULTI, names, values))
                        : CompletableFuture.failedFuture(e))
                .exceptionallyCompose(e -> CompletableFuture.failedFuture(unavailable(e)));
    }

    private <T> CompletableFuture<T> raw(
            Function<RedisAsyncCommands<String, String>, ? extends CompletionStage<T>> command) {
        if (closed.get()) {
            return CompletableFuture.failedFuture(new RedisException("The link is closed."));
        }
        if (!breaker.lets()) {
            return CompletableFuture.failedFuture(new RedisException("Redis has not answered for a while."));
        }
        try {
            return command.apply(connection.async())
                    .toCompletableFuture()
                    .whenComplete((answer, e) -> learn(e == null ? null : cause(e)));
        } catch (RuntimeException e) {
            breaker.notAsked();
            return CompletableFuture.failedFuture(e);
        }
    }

    private void learn(@Nullable Throwable problem) {
        if (problem == null || problem instanceof RedisCommandExecutionException) {
            awaySince.set(null);
            if (breaker.answered()) {
                LOG.info("Redis at {} answers again.", target);
            }
            return;
        }
        awaySince.compareAndSet(null, clock.instant());
        if (problem instanceof RedisCommandTimeoutException) {
            if (breaker.timedOut()) {
                LOG.warn(
                        "Redis at {} does not answer within {} ms; it is asked now and then until it does.",
                        target,
                        terms.deadline().toMillis());
            }
        } else {
            breaker.notAsked();
        }
    }

    private static Throwable cause(Throwable problem) {
        return problem instanceof CompletionException && problem.getCause() != null ? problem.getCause() : problem;
    }

    private static RelayException unavailable(Throwable problem) {
        return new RelayException(Outcome.STORE_UNAVAILABLE, Outcome.STORE_UNAVAILABLE.message(), cause(problem))
                .retryAfter(RETRY_AFTER);
    }

    /** An answer, once it is there. An interrupt waits until then: half a decision helps nobody. */
    <T> T await(CompletableFuture<T> answer) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    // Commands end by themselves at the deadline; a script may take two.
                    return answer.get(4 * terms.deadline().toMillis(), TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RelayException told ? told : unavailable(e.getCause());
        } catch (TimeoutException e) {
            throw unavailable(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * A connection of its own on which {@code receiver} is told what is published there; it must not wait. The connection comes back by
     * itself; what is published meanwhile is lost. To be closed before the link.
     *
     * @throws IllegalStateException if it cannot be made
     */
    StatefulConnection<String, String> hear(String channel, Consumer<String> receiver) {
        return client.hear(target, terms, channel, receiver);
    }

    /** Since when Redis has failed to answer; empty where it answered last, as far as is known. */
    Optional<Instant> awaySince() {
        return Optional.ofNullable(awaySince.get());
    }

    /** Whether Redis answers, as far as is known; asks it, once a second at most, but does not wait. */
    boolean answers() {
        if (closed.get()) {
            return false;
        }
        Instant before = asked.get();
        Instant now = clock.instant();
        boolean due = before.isAfter(now) || before.isBefore(now.minus(BETWEEN_PINGS));
        if (due && asked.compareAndSet(before, now)) {
            sent(RedisAsyncCommands::ping).exceptionally(e -> {
                LOG.debug("Redis at {} does not answer.", target, e);
                return "";
            });
        }
        return connection.isOpen() && breaker.closed();
    }

    /**
     * Takes a new connection in the place of one on which nothing comes back: to the server that the address, or the Sentinels, name
     * by now. Where there is none the old one stays. Waits for it.
     */
    void reconnect() {
        StatefulRedisConnection<String, String> fresh;
        try {
            fresh = client.connect(target, terms);
        } catch (RedisException e) {
            LOG.debug("No other connection to Redis at {} can be had.", target, e);
            return;
        }
        StatefulRedisConnection<String, String> before = swapped(fresh);
        breaker.answered();
        before.closeAsync();
    }

    /** The connection that is no longer used: the one before, or the new one where the link is closed. */
    private synchronized StatefulRedisConnection<String, String> swapped(
            StatefulRedisConnection<String, String> fresh) {
        if (closed.get()) {
            return fresh;
        }
        StatefulRedisConnection<String, String> before = connection;
        connection = fresh;
        return before;
    }

    /** Ends the connection and its threads; safe to call more than once. */
    @Override
    public void close() {
        boolean first;
        synchronized (this) {
            first = closed.compareAndSet(false, true);
        }
        if (first) {
            connection.close();
            client.close();
        }
    }

    /** Which Redis it leads to. */
    RedisTarget target() {
        return target;
    }

    /** Names the server. */
    @Override
    public String toString() {
        return "RedisLink[" + target + "]";
    }
}
