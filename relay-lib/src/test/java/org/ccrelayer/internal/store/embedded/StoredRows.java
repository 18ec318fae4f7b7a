package org.ccrelayer.internal.store.embedded;

import java.util.Collection;
import java.util.List;
import org.ccrelayer.usage.UsageRecord;

/**
 * Every ledger row that stands in a store's file, for tests that do not know what to look for. Nobody else may use the store
 * meanwhile. Immutable.
 *
 * @param settled rows in a terminal state
 * @param open rows that are still open
 */
public record StoredRows(List<UsageRecord> settled, List<UsageRecord> open) {
    /** The rows of that store. */
    public static StoredRows of(EmbeddedStore store) {
        store.usage().flush();
        return store.file()
                .use(maps -> new StoredRows(
                        rows(maps.ofBytesByBytes("ledgerRows").values()),
                        rows(maps.ofBytes("ledgerOpen").values())));
    }

    private static List<UsageRecord> rows(Collection<byte[]> values) {
        return values.stream().map(UsageFormat::row).toList();
    }
}
