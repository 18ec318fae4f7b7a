package org.ccrelayer.internal.store.embedded;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.ApiKeyStore;

/** The relay keys of an embedded store. Safe for concurrent use. */
final class EmbeddedApiKeys implements ApiKeyStore {
    private final Table<ApiKey> table;

    EmbeddedApiKeys(Table<ApiKey> table) {
        this.table = table;
    }

    @Override
    public void create(ApiKey key) {
        table.create(key);
    }

    @Override
    public Optional<ApiKey> find(String id) {
        return table.find(id);
    }

    @Override
    public Optional<ApiKey> findByHash(String hash) {
        return table.findByAlias(hash);
    }

    @Override
    public List<ApiKey> list() {
        return table.list();
    }

    @Override
    public Optional<ApiKey> update(String id, UnaryOperator<ApiKey> change) {
        return table.update(id, change);
    }

    @Override
    public boolean delete(String id) {
        return table.delete(id);
    }
}
