package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.usage.UsageRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands Redis the rows and the ends of leases that waited. A row that it refuses stays, and is tried again. Used by one thread. */
final class AwayReplay implements Away.Return {
    private static final Logger LOG = LoggerFactory.getLogger(AwayReplay.class);
    private static final int BATCH = 100;
    private static final Duration REFUSED_AGAIN = Duration.ofSeconds(20);

    private final Away away;
    private final RedisLimits limits;
    private final RedisUsage usage;
    private final AwaySessions sessions;
    private final AwayObjects objects;
    private final LongSupplier nanos;
    private final Set<String> refused = new HashSet<>();

    /** Those of which the log tells already. */
    private final Set<String> told = new HashSet<>();

    private final ReplayPace pace = new ReplayPace();
    private long triedAll;

    /** Those for which something may wait. */
    record Parts(RedisLimits limits, RedisUsage usage, AwaySessions sessions, AwayObjects objects) {}

    AwayReplay(Away away, Parts parts, LongSupplier nanos) {
        this.away = away;
        this.limits = parts.limits();
        this.usage = parts.usage();
        this.sessions = parts.sessions();
        this.objects = parts.objects();
        this.nanos = nanos;
        this.triedAll = nanos.getAsLong();
    }

    @Override
    public int rows() {
        if (nanos.getAsLong() - triedAll > REFUSED_AGAIN.toNanos()) {
            triedAll = nanos.getAsLong();
            refused.clear();
        }
        List<UsageRecord> rows = away.journal().first(pace.rows(), refused);
        while (!rows.isEmpty()) {
            long begun = nanos.getAsLong();
            book(rows);
            pace.took(Duration.ofNanos(nanos.getAsLong() - begun));
            rows = away.journal().first(pace.rows(), refused);
        }
        objects.replay();
        sessions.replay();
        return refused.size();
    }

    private void book(List<UsageRecord> rows) {
        try {
            each(rows, this::sent, this::booked, this::refused, row -> {});
        } catch (RelayException e) {
            pace.failed();
            throw e;
        }
    }

    /**
     * Asks for all before any is waited for; one that Redis refuses for what it is holds up no other.
     *
     * @param lost told of each that did not arrive since Redis is away
     * @throws RelayException if that is so, when all are told
     */
    private static <W, A> void each(
            List<W> work,
            Function<W, CompletableFuture<A>> asked,
            BiConsumer<W, A> answered,
            BiConsumer<W, CompletionException> refused,
            Consumer<W> lost) {
        List<CompletableFuture<A>> answers = work.stream().map(asked).toList();
        List<RelayException> problems = new ArrayList<>();
        for (int index = 0; index < work.size(); index++) {
            W one = work.get(index);
            try {
                answered.accept(one, answers.get(index).join());
            } catch (CompletionException e) {
                if (e.getCause() instanceof RelayException told && Trouble.ofTheServer(told)) {
                    lost.accept(one);
                    problems.add(told);
                } else {
                    refused.accept(one, e);
                }
            }
        }
        if (!problems.isEmpty()) {
            throw problems.get(0);
        }
    }

    /** One that cannot even be sent is refused, and holds up no other. */
    private CompletableFuture<Boolean> sent(UsageRecord row) {
        try {
            return usage.replayed(row);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void booked(UsageRecord row, boolean changed) {
        away.journal().done(row);
        told.remove(row.id());
        if (!changed) {
            LOG.debug("{} was in Redis before; it stays as it is there.", row.id());
        }
    }

    private void refused(UsageRecord row, CompletionException problem) {
        refused.add(row.id());
        if (told.add(row.id())) {
            LOG.error(
                    "Redis does not take the ledger row {}; it stays in the journal and is tried twice a minute.",
                    row.id(),
                    problem.getCause());
        }
    }

    @Override
    public void ends() {
        List<Away.End> some = away.takeEnds(BATCH);
        while (!some.isEmpty()) {
            end(some);
            some = away.takeEnds(BATCH);
        }
        List<LocalKey.LetIn> running = away.keys().letIn();
        for (int from = 0; from < running.size(); from += BATCH) {
            place(running.subList(from, Math.min(from + BATCH, running.size())));
        }
    }

    /** What was let in without Redis and runs counts there from now on. */
    private void place(List<LocalKey.LetIn> some) {
        each(
                some,
                limits::renewing,
                (one, runs) -> {},
                (one, e) -> LOG.debug(
                        "{} takes its place later.", one.claim().lease().exchangeId(), e),
                one -> {});
    }

    private void end(List<Away.End> some) {
        each(
                some,
                end -> limits.released(end.lease(), end.free()),
                (end, answer) -> {},
                (end, e) -> LOG.debug(
                        "{} keeps its place until its lease runs out.",
                        end.lease().exchangeId(),
                        e),
                end -> away.ended(end.lease(), end.free()));
    }
}
