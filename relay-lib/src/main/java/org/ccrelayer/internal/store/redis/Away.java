package org.ccrelayer.internal.store.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.limit.Lease;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the relay knows and keeps while its Redis is away, and the one thread that asks whether it is back. That thread is there only
 * while something waits. Safe for concurrent use.
 */
final class Away implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Away.class);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration LATER = Duration.ofSeconds(30);
    private static final Duration RECONNECT = Duration.ofSeconds(2);
    private static final Duration LAST_WORK = Duration.ofSeconds(2);
    private static final SetArgs PROBE_LIFE = SetArgs.Builder.ex(Duration.ofMinutes(1));
    private static final int MOST_ENDS = 10_000;

    private final RedisLink link;
    private final LongSupplier nanos;
    private final Outage outage;
    private final AwayJournal journal;
    private final LocalLimits keys = new LocalLimits();
    private final Queue<End> ends = new ArrayDeque<>();
    private final ScheduledThreadPoolExecutor thread;
    private final AtomicBoolean awake = new AtomicBoolean();
    private final AtomicBoolean wakingLater = new AtomicBoolean();
    private volatile Told told;
    private volatile @Nullable Return task;
    private long reconnected;

    /** What Redis's clock showed when {@link #nanos} was at that. */
    private record Told(Instant moment, long at) {}

    /** A lease that ended without Redis. */
    record End(Lease lease, boolean free) {}

    /** What is done when Redis takes writes again. */
    interface Return {
        /**
         * Tells Redis which leases ended, and which ones run that it does not know.
         *
         * @throws RelayException if it is away again
         */
        void ends();

        /**
         * Hands Redis what else waits.
         *
         * @return how many rows it refused for what they are, so that they wait on
         * @throws RelayException if it is away again
         */
        int rows();
    }

    /**
     * Nothing is away yet.
     *
     * @param now the moment by the machine's clock, until Redis tells its own
     * @param nanos tells how time passes from then on
     * @throws IllegalStateException if the journal cannot be opened
     */
    Away(RedisLink link, AwayTerms terms, Instant now, LongSupplier nanos) {
        this.link = link;
        this.nanos = nanos;
        this.reconnected = nanos.getAsLong();
        this.told = new Told(now, reconnected);
        this.outage = new Outage(nanos, link.target(), terms.local());
        this.journal = AwayJournal.open(terms.directory(), now);
        this.thread = new ScheduledThreadPoolExecutor(1, work -> {
            Thread made = new Thread(work, "relay-away");
            made.setDaemon(true);
            return made;
        });
        thread.setKeepAliveTime(1, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** From now on that is done when Redis is back, and at once where something waits from before. */
    void whenBack(Return work) {
        task = work;
        if (journal.size() > 0) {
            wake();
        }
    }

    /** Whether Redis is away. */
    boolean now() {
        return outage.away();
    }

    /** A call failed; whether that is since Redis is away, and not for what it was asked. */
    boolean began(Throwable problem) {
        boolean away = outage.began(problem, () -> keys.bound(moment()));
        if (away) {
            wake();
        }
        return away;
    }

    /** What went wrong with a call that nobody waited for; what is no failure of Redis is thrown. */
    static RelayException problem(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof RelayException told) {
            return told;
        }
        throw new CompletionException(cause);
    }

    /** Redis is found not to answer though nobody asked it anything; whether it is away. */
    boolean noticed() {
        return !thread.isShutdown() && began(new RedisException("it does not answer"));
    }

    Outage outage() {
        return outage;
    }

    AwayJournal journal() {
        return journal;
    }

    LocalLimits keys() {
        return keys;
    }

    /** The moment by Redis's clock, as far as it is known. */
    Instant moment() {
        Told last = told;
        return last.moment().plusNanos(nanos.getAsLong() - last.at());
    }

    /** Redis told its moment just now. */
    void tell(Instant moment) {
        told = new Told(moment, nanos.getAsLong());
    }

    /** A lease ended, which Redis does not know; too many are left to run out. */
    void ended(Lease lease, boolean free) {
        synchronized (ends) {
            if (ends.size() < MOST_ENDS) {
                ends.add(new End(lease, free));
            }
        }
        wake();
    }

    /** Some of the leases that ended; they are the caller's from now on. */
    List<End> takeEnds(int most) {
        synchronized (ends) {
            List<End> taken = new ArrayList<>();
            while (taken.size() < most && !ends.isEmpty()) {
                taken.add(ends.remove());
            }
            return taken;
        }
    }

    /** Sees to it that what waits is tried soon. */
    void wake() {
        if (awake.compareAndSet(false, true)) {
            schedule(this::round, PAUSE);
        }
    }

    /** Sees to it that what Redis does not take is tried again. */
    private void wakeLater() {
        if (wakingLater.compareAndSet(false, true)) {
            schedule(
                    () -> {
                        wakingLater.set(false);
                        wake();
                    },
                    LATER);
        }
    }

    private void schedule(Runnable work, Duration pause) {
        try {
            thread.schedule(work, pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("Redis is asked no more.", e);
        }
    }

    private void round() {
        int refused = 0;
        try {
            journal.sync();
            refused = back();
        } catch (RuntimeException e) {
            if (e instanceof RelayException && began(e)) {
                LOG.debug("Redis is still away.", e);
                reconnect();
            } else {
                LOG.warn("What waits for Redis cannot be replayed; it is tried again.", e);
                refused = journal.size();
                outage.over(refused);
            }
        } finally {
            awake.set(false);
            if (waiting(refused)) {
                wake();
            } else if (waiting(0)) {
                wakeLater();
            }
        }
    }

    /** Hands Redis what waits if it takes writes again; how many rows it refused for what they are. */
    private int back() {
        Return work = task;
        if (work == null) {
            return 0;
        }
        try {
            link.call(redis -> redis.set(RedisKeys.PROBE.key(), "1", PROBE_LIFE));
        } catch (RelayException e) {
            if (Trouble.ofTheServer(e)) {
                throw e;
            }
            LOG.debug("Redis answers, though not well.", e);
        }
        // Before anybody is let in again: what ended must not be in the way, and what runs must.
        work.ends();
        outage.answered();
        int refused = work.rows();
        outage.over(refused);
        return refused;
    }

    /** Whether more waits than those rows. */
    private boolean waiting(int rows) {
        synchronized (ends) {
            return !ends.isEmpty() || journal.size() > rows || outage.lasts();
        }
    }

    /** Nothing may come back on a connection that looks sound, and another server may have the part by now. */
    private void reconnect() {
        long now = nanos.getAsLong();
        if (outage.lasting().compareTo(RECONNECT) > 0 && now - reconnected > RECONNECT.toNanos()) {
            reconnected = now;
            link.reconnect();
        }
    }

    /** Tries what waits once more, and keeps the rest where it can; safe to call more than once. */
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        boolean alone = false;
        try {
            alone = thread.awaitTermination(LAST_WORK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        try {
            if (alone && waiting(0)) {
                back();
            }
        } catch (RuntimeException e) {
            LOG.debug("Redis is away at the end.", e);
        } finally {
            journal.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
