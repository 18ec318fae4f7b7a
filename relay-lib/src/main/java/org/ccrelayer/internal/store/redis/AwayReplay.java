package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
    private final InstantSource clock;
    private final Set<String> refused = new HashSet<>();
    private Instant triedAll;

    /** Those for which something may wait. */
    record Parts(RedisLimits limits, RedisUsage usage, AwaySessions sessions, AwayObjects objects) {}

    AwayReplay(Away away, Parts parts, InstantSource clock) {
        this.away = away;
        this.limits = parts.limits();
        this.usage = parts.usage();
        this.sessions = parts.sessions();
        this.objects = parts.objects();
        this.clock = clock;
        this.triedAll = clock.instant();
    }

    @Override
    public int rows() {
        if (Duration.between(triedAll, clock.instant()).abs().compareTo(REFUSED_AGAIN) > 0) {
            triedAll = clock.instant();
            refused.clear();
        }
        List<UsageRecord> rows = away.journal().first(BATCH, refused);
        while (!rows.isEmpty()) {
            book(rows);
            rows = away.journal().first(BATCH, refused);
        }
        objects.replay();
        sessions.replay();
        return refused.size();
    }

    private void book(List<UsageRecord> rows) {
        List<CompletableFuture<Boolean>> answers =
                rows.stream().map(usage::replayed).toList();
        List<RelayException> problems = new ArrayList<>();
        for (int index = 0; index < rows.size(); index++) {
            try {
                booked(rows.get(index), answers.get(index).join());
            } catch (CompletionException e) {
                Throwable problem = e.getCause();
                if (problem instanceof RelayException told && Trouble.ofTheServer(told)) {
                    problems.add(told);
                } else {
                    refused(rows.get(index), e);
                }
            }
        }
        if (!problems.isEmpty()) {
            throw problems.get(0);
        }
    }

    private void booked(UsageRecord row, boolean changed) {
        away.journal().done(row);
        if (!changed) {
            LOG.debug("{} was in Redis before; it stays as it is there.", row.id());
        }
    }

    private void refused(UsageRecord row, CompletionException problem) {
        if (refused.add(row.id())) {
            LOG.error(
                    "Redis does not take the ledger row {}; it is kept and tried again.", row.id(), problem.getCause());
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
        List<CompletableFuture<List<Object>>> answers =
                some.stream().map(limits::renewed).toList();
        RelayException away = null;
        for (int index = 0; index < some.size(); index++) {
            try {
                answers.get(index).join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RelayException told && Trouble.ofTheServer(told)) {
                    away = told;
                } else {
                    LOG.debug(
                            "{} takes its place later.",
                            some.get(index).claim().lease().exchangeId(),
                            e);
                }
            }
        }
        if (away != null) {
            throw away;
        }
    }

    private void end(List<Away.End> some) {
        List<CompletableFuture<List<Object>>> answers = some.stream()
                .map(end -> limits.released(end.lease(), end.free()))
                .toList();
        List<RelayException> problems = new ArrayList<>();
        for (int index = 0; index < some.size(); index++) {
            try {
                answers.get(index).join();
            } catch (CompletionException e) {
                Away.End end = some.get(index);
                if (e.getCause() instanceof RelayException told && Trouble.ofTheServer(told)) {
                    away.ended(end.lease(), end.free());
                    problems.add(told);
                } else {
                    LOG.debug(
                            "{} keeps its place until its lease runs out.",
                            end.lease().exchangeId(),
                            e);
                }
            }
        }
        if (!problems.isEmpty()) {
            throw problems.get(0);
        }
    }
}
