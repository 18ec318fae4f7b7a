package org.ccrelayer.internal.store.redis;

import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.ApiKeyStore;

/**
 * Relay keys as requests find them, by their hash: as Redis had them a second ago at most, or as it last had them while it does not
 * answer. Everything else goes to Redis. Safe for concurrent use.
 */
final class CachedApiKeys implements ApiKeyStore {
    private final RedisApiKeys keys;
    private final RedisChanges changes;
    private final Confirmed<ApiKey> byHash;

    CachedApiKeys(RedisApiKeys keys, RedisChanges changes, Confirmed.Terms terms, LongSupplier nanos) {
        this.keys = keys;
        this.changes = changes;
        this.byHash = new Confirmed<>(keys::askByHashes, terms, nanos);
        changes.on(RedisChanges.Kind.KEY, id -> byHash.drop(key -> key.id().equals(id)));
    }

    /** Asks for the keys in use again before they are too old. */
    void confirm() {
        byHash.confirm();
    }

    @Override
    public void create(ApiKey key) {
        keys.create(key);
        changes.tell(RedisChanges.Kind.KEY, key.id());
    }

    @Override
    public Optional<ApiKey> find(String id) {
        return keys.find(id);
    }

    @Override
    public Optional<ApiKey> findByHash(String hash) {
        return byHash.get(hash);
    }

    @Override
    public List<ApiKey> list() {
        return keys.list();
    }

    @Override
    public Optional<ApiKey> update(String id, UnaryOperator<ApiKey> change) {
        try {
            return keys.update(id, change);
        } finally {
            changes.tell(RedisChanges.Kind.KEY, id);
        }
    }

    @Override
    public boolean delete(String id) {
        try {
            return keys.delete(id);
        } finally {
            changes.tell(RedisChanges.Kind.KEY, id);
        }
    }
}
