package org.ccrelayer.internal.store.redis;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Redis said a moment ago, by name; also that it knows nothing by a name. An answer counts from when it was asked for, since it may
 * have been true only then. Those who ask for the same at the same time wait for one answer. What is in use is asked for again before
 * it is too old, and while Redis does not answer, what it knew is told for a while longer. Bounded: what was not asked for the longest
 * goes first. Safe for concurrent use.
 */
final class Confirmed<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Confirmed.class);

    private static final int BATCH = 100;

    private final Function<List<String>, Map<String, Supplier<Optional<T>>>> source;
    private final Terms terms;
    private final LongSupplier nanos;
    private final Map<String, Known<T>> known;
    private final Map<String, Known<T>> unknown;
    private final Map<String, Load<T>> loading = new HashMap<>();

    /**
     * How long answers are told.
     *
     * @param fresh at any time
     * @param away while Redis does not answer; zero for not at all
     * @param inUse what nobody asked for within this time is not asked for ahead
     * @param most how many things that it knows, and how many that it does not know
     */
    record Terms(Duration fresh, Duration away, Duration inUse, int most) {
        /** A second; while Redis is away a minute. */
        static final Terms USUAL =
                new Terms(Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofSeconds(10), 10_000);

        private static final Duration LONG = Duration.ofMinutes(10);

        Terms {
            requireNonNull(fresh, "fresh");
            requireNonNull(away, "away");
            requireNonNull(inUse, "inUse");
        }

        /** The same, but nothing is told while Redis does not answer. */
        Terms neverAway() {
            return new Terms(fresh, Duration.ZERO, inUse, most);
        }

        /** The same for few things that many need: ten minutes after their last use they are still asked for ahead. */
        Terms ofFew() {
            return new Terms(fresh, away, LONG, most);
        }
    }

    /** An answer, which was asked for at {@code at}. */
    private static final class Known<T> {
        private final Optional<T> answer;
        private final long at;
        private long used;
        private boolean outdated;

        private Known(Optional<T> answer, long at, long used) {
            this.answer = answer;
            this.at = at;
            this.used = used;
        }
    }

    /** A question that was asked at {@code at}. */
    private record Load<T>(long at, CompletableFuture<Optional<T>> answer) {}

    /** @param source asks Redis for every name; it need not wait, each answer may, and fails by itself */
    Confirmed(Function<List<String>, Map<String, Supplier<Optional<T>>>> source, Terms terms, LongSupplier nanos) {
        this.source = requireNonNull(source, "source");
        this.terms = requireNonNull(terms, "terms");
        this.nanos = requireNonNull(nanos, "nanos");
        this.known = bounded(terms.most());
        this.unknown = bounded(terms.most());
    }

    private static <T> Map<String, Known<T>> bounded(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Known<T>> eldest) {
                return size() > most;
            }
        };
    }

    /**
     * What is known by that name; may wait for Redis.
     *
     * @throws RelayException {@code STORE_UNAVAILABLE} if that does not answer and nothing may be told all the same
     */
    Optional<T> get(String name) {
        return get(name, true);
    }

    /**
     * As {@link #get}, for those who ask behind the requests: what only they ask for is not in use, and not asked for ahead.
     *
     * @throws RelayException {@code STORE_UNAVAILABLE} if Redis does not answer and nothing may be told all the same
     */
    Optional<T> peek(String name) {
        return get(name, false);
    }

    private Optional<T> get(String name, boolean uses) {
        Load<T> load;
        boolean mine = false;
        synchronized (this) {
            long now = nanos.getAsLong();
            Known<T> entry = entry(name);
            if (entry != null) {
                entry.used = uses ? now : entry.used;
                if (!entry.outdated && now - entry.at <= terms.fresh().toNanos()) {
                    return entry.answer;
                }
            }
            load = loading.get(name);
            if (load == null) {
                load = new Load<>(now, new CompletableFuture<>());
                loading.put(name, load);
                mine = true;
            }
        }
        if (mine) {
            long now = nanos.getAsLong();
            run(Map.of(name, load), uses ? now : now - terms.inUse().toNanos());
        }
        return answer(name, load);
    }

    /**
     * What Redis says by that name from now on; waits for it.
     *
     * @throws RelayException {@code STORE_UNAVAILABLE} if that does not answer
     */
    Optional<T> ask(String name) {
        Load<T> load;
        synchronized (this) {
            load = new Load<>(nanos.getAsLong(), new CompletableFuture<>());
            loading.put(name, load);
        }
        run(Map.of(name, load), nanos.getAsLong());
        try {
            return load.answer().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException problem ? problem : e;
        }
    }

    private @Nullable Known<T> entry(String name) {
        Known<T> entry = known.get(name);
        return entry == null ? unknown.get(name) : entry;
    }

    private Optional<T> answer(String name, Load<T> load) {
        try {
            return load.answer().join();
        } catch (CompletionException e) {
            return whileAway(name, e.getCause());
        }
    }

    private Optional<T> whileAway(String name, Throwable problem) {
        if (problem instanceof RelayException told && told.outcome() == Outcome.STORE_UNAVAILABLE) {
            synchronized (this) {
                Known<T> entry = Trouble.ofTheServer(told) ? known.get(name) : null;
                if (entry != null && nanos.getAsLong() - entry.at < terms.away().toNanos()) {
                    return entry.answer;
                }
            }
            throw told;
        }
        throw problem instanceof RuntimeException defect ? defect : new IllegalStateException(problem);
    }

    private void run(Map<String, Load<T>> loads, long used) {
        Map<String, Supplier<Optional<T>>> answers;
        try {
            answers = source.apply(List.copyOf(loads.keySet()));
        } catch (RuntimeException | Error e) {
            loads.forEach((name, load) -> failed(name, load, e));
            return;
        }
        loads.forEach((name, load) -> {
            try {
                arrived(name, load, requireNonNull(answers.get(name)).get(), used);
            } catch (RuntimeException | Error e) {
                failed(name, load, e);
            }
        });
    }

    private void failed(String name, Load<T> load, Throwable problem) {
        synchronized (this) {
            loading.remove(name, load);
        }
        load.answer().completeExceptionally(problem);
    }

    /** What was dropped after it was asked for is told to those who wait, and not kept. */
    private void arrived(String name, Load<T> load, Optional<T> answer, long used) {
        synchronized (this) {
            if (loading.remove(name, load)) {
                Known<T> former = known.remove(name);
                unknown.remove(name);
                long lastUsed = former == null ? used : former.used;
                (answer.isPresent() ? known : unknown).put(name, new Known<>(answer, load.at(), lastUsed));
            }
        }
        load.answer().complete(answer);
    }

    /** Forgets what is known by that name, since it is another by now. */
    synchronized void drop(String name) {
        known.remove(name);
        unknown.remove(name);
        loading.remove(name);
    }

    /** What is known by that name is told from now on only while Redis does not answer. */
    synchronized void outdate(String name) {
        Known<T> entry = known.get(name);
        if (entry != null) {
            entry.outdated = true;
        }
        unknown.remove(name);
        loading.remove(name);
    }

    /** Forgets everything of that kind, and all that is not known. */
    synchronized void drop(Predicate<T> which) {
        known.values().removeIf(entry -> entry.answer.filter(which).isPresent());
        unknown.clear();
        loading.clear();
    }

    /** Asks for what is in use before it is too old; to be called a few times within the time that answers are told. */
    void confirm() {
        List<String> due = due();
        for (int from = 0; from < due.size(); from += BATCH) {
            confirm(due.subList(from, Math.min(due.size(), from + BATCH)));
        }
    }

    private synchronized List<String> due() {
        long now = nanos.getAsLong();
        List<String> due = new ArrayList<>();
        known.forEach((name, entry) -> {
            boolean inUse = now - entry.used < terms.inUse().toNanos();
            boolean old = now - entry.at > terms.fresh().toNanos() / 4 * 3;
            if (inUse && old) {
                due.add(name);
            }
        });
        return due;
    }

    private void confirm(Collection<String> names) {
        Map<String, Load<T>> loads = new LinkedHashMap<>();
        synchronized (this) {
            long now = nanos.getAsLong();
            for (String name : names) {
                Load<T> load = new Load<>(now, new CompletableFuture<>());
                if (loading.putIfAbsent(name, load) == null) {
                    loads.put(name, load);
                }
            }
        }
        if (!loads.isEmpty()) {
            run(loads, nanos.getAsLong());
            loads.values()
                    .forEach(load -> load.answer().exceptionally(e -> {
                        LOG.debug("Redis does not confirm what is in use.", e);
                        return Optional.empty();
                    }));
        }
    }

    /** How many things are kept. */
    synchronized int size() {
        return known.size() + unknown.size();
    }
}
