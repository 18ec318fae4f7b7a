package org.ccrelayer.internal.store.embedded;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Texts as they are now, by name, each for a time, the least recently used first, and what of them the file does not hold yet.
 * Everything happens under one lock, and nothing waits for a disk. Safe for concurrent use.
 */
final class TimedBook {
    private static final Duration LONGEST = Duration.ofDays(3650);

    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<String, Kept> texts = new LinkedHashMap<>(16, 0.75f, true);
    private final int most;
    private final InstantSource clock;
    private Map<String, Optional<Kept>> changed = new HashMap<>();

    /**
     * One text.
     *
     * @param text what is kept
     * @param until the first moment at which it is not any more
     */
    record Kept(String text, Instant until) {}

    /** @param most how many texts are kept, at least 1 */
    TimedBook(int most, InstantSource clock) {
        if (most < 1) {
            throw new IllegalArgumentException("most: must be at least 1");
        }
        this.most = most;
        this.clock = clock;
    }

    Optional<String> text(String name) {
        return locked(() -> find(name).map(Kept::text));
    }

    /** Of the texts found, none is over. */
    private Optional<Kept> find(String name) {
        Kept kept = texts.get(name);
        if (kept != null && over(kept, clock.instant())) {
            remove(name);
            return Optional.empty();
        }
        return Optional.ofNullable(kept);
    }

    private static boolean over(Kept kept, Instant now) {
        return !now.isBefore(kept.until());
    }

    void keep(String name, String text, Duration ttl) {
        locked(() -> put(name, text, ttl));
    }

    /** As {@link #keep}, but what is kept already for longer than {@code ttl} less {@code slack} stays as it is. */
    void keep(String name, String text, Duration ttl, Duration slack) {
        locked(() -> {
            Instant enough = clock.instant().plus(bounded(ttl)).minus(bounded(slack));
            boolean kept = find(name)
                    .filter(before -> before.text().equals(text))
                    .filter(before -> before.until().isAfter(enough))
                    .isPresent();
            return kept || put(name, text, ttl);
        });
    }

    Optional<String> bind(String name, String text, Duration ttl) {
        return locked(() -> {
            Optional<String> before = find(name).map(Kept::text);
            if (before.isEmpty()) {
                put(name, text, ttl);
            }
            return before;
        });
    }

    boolean renew(String name, Duration ttl) {
        return locked(() -> {
            Optional<Kept> before = find(name);
            before.ifPresent(kept -> put(name, kept.text(), ttl));
            return before.isPresent();
        });
    }

    /** Whether it was kept. */
    boolean forget(String name) {
        return locked(() -> find(name).isPresent() && remove(name));
    }

    /** Forgets all whose names begin so; looks at every one. */
    void forgetAll(String beginning) {
        locked(() -> dropIf(entry -> entry.getKey().startsWith(beginning)));
    }

    private boolean put(String name, String text, Duration ttl) {
        Kept kept = new Kept(text, clock.instant().plus(bounded(ttl)));
        texts.put(name, kept);
        changed.put(name, Optional.of(kept));
        evict();
        return true;
    }

    private static Duration bounded(Duration time) {
        return time.compareTo(LONGEST) > 0 ? LONGEST : time;
    }

    private void evict() {
        while (texts.size() > most) {
            remove(texts.keySet().iterator().next());
        }
    }

    private boolean remove(String name) {
        boolean kept = texts.remove(name) != null;
        if (kept) {
            changed.put(name, Optional.empty());
        }
        return kept;
    }

    /** Puts back what the file kept, as far as it is not over; what is over soonest counts as used longest ago. */
    void restore(Map<String, Kept> saved) {
        List<Map.Entry<String, Kept>> entries = new ArrayList<>(saved.entrySet());
        entries.sort(Comparator.comparing(entry -> entry.getValue().until()));
        Map<String, String> known = new HashMap<>();
        locked(() -> {
            for (Map.Entry<String, Kept> entry : entries) {
                Kept kept = entry.getValue();
                // Many names have one text, which is kept once.
                String text = known.computeIfAbsent(kept.text(), same -> same);
                texts.put(entry.getKey(), new Kept(text, kept.until()));
            }
            evict();
            return dropOver();
        });
    }

    /** Drops the texts whose time is over. */
    boolean dropOver() {
        return locked(() -> {
            Instant now = clock.instant();
            return dropIf(entry -> over(entry.getValue(), now));
        });
    }

    private boolean dropIf(Predicate<Map.Entry<String, Kept>> unwanted) {
        boolean dropped = false;
        Iterator<Map.Entry<String, Kept>> entries = texts.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<String, Kept> entry = entries.next();
            if (unwanted.test(entry)) {
                changed.put(entry.getKey(), Optional.empty());
                entries.remove();
                dropped = true;
            }
        }
        return dropped;
    }

    /** How many texts are kept, over or not. */
    int size() {
        return locked(texts::size);
    }

    /** Whether the file does not hold everything as it is. */
    boolean changed() {
        return locked(() -> !changed.isEmpty());
    }

    /** The texts to be written to the file, by name, empty where they are gone. They count as written from now on. */
    Map<String, Optional<Kept>> changes() {
        return locked(() -> {
            Map<String, Optional<Kept>> changes = changed;
            changed = new HashMap<>();
            return changes;
        });
    }

    /** Takes back changes that the file did not take. */
    void notSaved(Map<String, Optional<Kept>> changes) {
        locked(() -> {
            changes.forEach(changed::putIfAbsent);
            return true;
        });
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
