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
import java.util.function.Supplier;

/**
 * The sessions as they are now, by name, the least recently used first, and what of them the file does not hold yet.
 * Everything happens under one lock, and nothing waits for a disk. Safe for concurrent use.
 */
final class SessionBook {
    private static final Duration LONGEST = Duration.ofDays(3650);

    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<String, Kept> sessions = new LinkedHashMap<>(16, 0.75f, true);
    private final int most;
    private final InstantSource clock;
    private Map<String, Optional<Kept>> changed = new HashMap<>();

    /**
     * One session.
     *
     * @param accountId the account it stays with
     * @param until the first moment at which it does not any more
     */
    record Kept(String accountId, Instant until) {}

    /** @param most how many sessions are kept, at least 1 */
    SessionBook(int most, InstantSource clock) {
        if (most < 1) {
            throw new IllegalArgumentException("most: must be at least 1");
        }
        this.most = most;
        this.clock = clock;
    }

    Optional<String> account(String name) {
        return locked(() -> find(name).map(Kept::accountId));
    }

    /** Of the sessions found, none is over. */
    private Optional<Kept> find(String name) {
        Kept kept = sessions.get(name);
        if (kept != null && over(kept, clock.instant())) {
            remove(name);
            return Optional.empty();
        }
        return Optional.ofNullable(kept);
    }

    private static boolean over(Kept kept, Instant now) {
        return !now.isBefore(kept.until());
    }

    void keep(String name, String accountId, Duration ttl) {
        locked(() -> put(name, accountId, ttl));
    }

    Optional<String> bind(String name, String accountId, Duration ttl) {
        return locked(() -> {
            Optional<String> before = find(name).map(Kept::accountId);
            if (before.isEmpty()) {
                put(name, accountId, ttl);
            }
            return before;
        });
    }

    boolean renew(String name, Duration ttl) {
        return locked(() -> {
            Optional<Kept> before = find(name);
            before.ifPresent(kept -> put(name, kept.accountId(), ttl));
            return before.isPresent();
        });
    }

    void forget(String name) {
        locked(() -> remove(name));
    }

    private boolean put(String name, String accountId, Duration ttl) {
        Duration time = ttl.compareTo(LONGEST) > 0 ? LONGEST : ttl;
        Kept kept = new Kept(accountId, clock.instant().plus(time));
        sessions.put(name, kept);
        changed.put(name, Optional.of(kept));
        evict();
        return true;
    }

    private void evict() {
        while (sessions.size() > most) {
            remove(sessions.keySet().iterator().next());
        }
    }

    private boolean remove(String name) {
        boolean kept = sessions.remove(name) != null;
        if (kept) {
            changed.put(name, Optional.empty());
        }
        return kept;
    }

    /** Puts back what the file kept, as far as it is not over; what is over soonest counts as used longest ago. */
    void restore(Map<String, Kept> saved) {
        List<Map.Entry<String, Kept>> entries = new ArrayList<>(saved.entrySet());
        entries.sort(Comparator.comparing(entry -> entry.getValue().until()));
        Map<String, String> accounts = new HashMap<>();
        locked(() -> {
            for (Map.Entry<String, Kept> entry : entries) {
                Kept kept = entry.getValue();
                // Many sessions have one account, whose id is kept once.
                String accountId = accounts.computeIfAbsent(kept.accountId(), id -> id);
                sessions.put(entry.getKey(), new Kept(accountId, kept.until()));
            }
            evict();
            return dropOver();
        });
    }

    /** Drops the sessions whose time is over. */
    boolean dropOver() {
        return locked(() -> {
            Instant now = clock.instant();
            boolean dropped = false;
            Iterator<Map.Entry<String, Kept>> entries = sessions.entrySet().iterator();
            while (entries.hasNext()) {
                Map.Entry<String, Kept> entry = entries.next();
                if (over(entry.getValue(), now)) {
                    changed.put(entry.getKey(), Optional.empty());
                    entries.remove();
                    dropped = true;
                }
            }
            return dropped;
        });
    }

    /** How many sessions are kept, over or not. */
    int size() {
        return locked(sessions::size);
    }

    /** Whether the file does not hold everything as it is. */
    boolean changed() {
        return locked(() -> !changed.isEmpty());
    }

    /** The sessions to be written to the file, by name, empty where they are gone. They count as written from now on. */
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
