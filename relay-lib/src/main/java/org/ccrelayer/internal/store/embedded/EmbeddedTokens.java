package org.ccrelayer.internal.store.embedded;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.account.TokenStore;

/** The tokens of an embedded store. Locks are in memory, since one process has the store to itself. Safe for concurrent use. */
final class EmbeddedTokens implements TokenStore {
    private final Table<StoredToken> table;
    private final InstantSource clock;
    private final Map<String, Lock> locks = new HashMap<>();

    private record Lock(String owner, Instant until) {}

    EmbeddedTokens(Table<StoredToken> table, InstantSource clock) {
        this.table = table;
        this.clock = clock;
    }

    @Override
    public Optional<StoredToken> find(String accountId) {
        return table.find(accountId);
    }

    @Override
    public Optional<StoredToken> update(String accountId, UnaryOperator<Optional<StoredToken>> change) {
        return table.replace(accountId, change);
    }

    @Override
    public boolean lock(String accountId, String owner, Duration ttl) {
        synchronized (locks) {
            Lock held = locked(accountId) ? locks.get(accountId) : null;
            if (held != null && !held.owner().equals(owner)) {
                return false;
            }
            Instant until = clock.instant().plus(ttl);
            if (held == null || held.until().isBefore(until)) {
                locks.put(accountId, new Lock(owner, until));
            }
            return true;
        }
    }

    @Override
    public void unlock(String accountId, String owner) {
        synchronized (locks) {
            locks.computeIfPresent(accountId, (id, lock) -> lock.owner().equals(owner) ? null : lock);
        }
    }

    @Override
    public boolean locked(String accountId) {
        synchronized (locks) {
            Lock lock = locks.get(accountId);
            return lock != null && clock.instant().isBefore(lock.until());
        }
    }
}
