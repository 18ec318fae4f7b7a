package org.ccrelayer.internal.store.embedded;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.json.JsonObject;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * Records of one kind: kept in the file, read from memory. A change is committed first and seen afterwards, so nobody
 * acts on what a crash could take back. Readers touch neither disk nor cipher. Safe for concurrent use.
 *
 * @param <T> the kind of record
 */
final class Table<T> {
    private final String name;
    private final RecordFormat<T> format;
    private final StoreFile file;
    private final StoreThread thread;
    private final Comparator<T> oldestFirst;
    private volatile Snapshot<T> snapshot = new Snapshot<>(List.of(), Map.of(), Map.of());
    private int generation;

    Table(String name, RecordFormat<T> format, StoreFile file, StoreThread thread) {
        this.name = name;
        this.format = format;
        this.file = file;
        this.thread = thread;
        this.oldestFirst = Comparator.comparing(format::createdAt).thenComparing(format::id);
    }

    /**
     * Reads everything from the file; on the store's thread.
     *
     * @throws RelayException if the file failed, or holds what cannot be read
     */
    void load() {
        Map<String, T> byId = new HashMap<>();
        file.use(maps -> maps.of(name).values().stream().toList())
                .forEach(text -> put(byId, format.read(RecordFormat.readable(JsonObject.parse(text)))));
        snapshot = snapshotOf(byId);
        generation = file.generation();
    }

    private void put(Map<String, T> byId, T value) {
        byId.put(format.id(value), value);
    }

    /** Removes what a crash left behind; on the store's thread. */
    void retain(Predicate<T> wanted) {
        for (T value : list()) {
            if (!wanted.test(value)) {
                store(snapshot, format.id(value), null);
            }
        }
    }

    List<T> list() {
        return snapshot.inOrder();
    }

    Optional<T> find(String id) {
        return Optional.ofNullable(snapshot.byId().get(id));
    }

    Optional<T> findByAlias(String alias) {
        return Optional.ofNullable(snapshot.byAlias().get(alias));
    }

    void create(T value) {
        thread.call(() -> {
            Snapshot<T> before = fresh();
            String id = format.id(value);
            if (before.byId().containsKey(id) || before.byAlias().containsKey(format.alias(value))) {
                throw new IllegalStateException(name + ": the id or the hash is taken");
            }
            store(before, id, value);
            return true;
        });
    }

    Optional<T> update(String id, UnaryOperator<T> change) {
        return thread.call(() -> {
            Snapshot<T> before = fresh();
            T old = before.byId().get(id);
            if (old == null) {
                return Optional.<T>empty();
            }
            T changed = change.apply(old);
            if (!format.id(changed).equals(id) || !format.alias(changed).equals(format.alias(old))) {
                throw new IllegalArgumentException(name + ": a change must leave id and hash as they are");
            }
            store(before, id, changed);
            return Optional.of(changed);
        });
    }

    /** Replaces what is kept under an id by what {@code change} makes of it, which may be nothing before and after. */
    Optional<T> replace(String id, UnaryOperator<Optional<T>> change) {
        return thread.call(() -> {
            Snapshot<T> before = fresh();
            Optional<T> old = Optional.ofNullable(before.byId().get(id));
            Optional<T> changed = change.apply(old);
            if (changed.filter(value -> !format.id(value).equals(id)).isPresent()) {
                throw new IllegalArgumentException(name + ": a change must leave the id as it is");
            }
            if (!changed.equals(old)) {
                store(before, id, changed.orElse(null));
            }
            return changed;
        });
    }

    boolean delete(String id) {
        return thread.call(() -> {
            Snapshot<T> before = fresh();
            if (!before.byId().containsKey(id)) {
                return false;
            }
            store(before, id, null);
            return true;
        });
    }

    /** What the file holds, also after it had to be opened again. */
    private Snapshot<T> fresh() {
        file.use(maps -> true);
        if (generation != file.generation()) {
            load();
        }
        return snapshot;
    }

    private void store(Snapshot<T> before, String id, @Nullable T value) {
        file.use(maps -> write(maps.of(name), id, value));
        file.commit();
        Map<String, T> byId = new HashMap<>(before.byId());
        if (value == null) {
            byId.remove(id);
        } else {
            byId.put(id, value);
        }
        snapshot = snapshotOf(byId);
    }

    private @Nullable String write(MVMap<String, String> rows, String id, @Nullable T value) {
        if (value == null) {
            return rows.remove(id);
        }
        String previous = rows.get(id);
        JsonObject base = previous == null ? JsonObject.empty() : JsonObject.parse(previous);
        return rows.put(id, format.write(base, value).toString());
    }

    private Snapshot<T> snapshotOf(Map<String, T> byId) {
        List<T> inOrder = new ArrayList<>(byId.values());
        inOrder.sort(oldestFirst);
        Map<String, T> byAlias = new HashMap<>();
        inOrder.forEach(value -> byAlias.put(format.alias(value), value));
        return new Snapshot<>(List.copyOf(inOrder), byId, byAlias);
    }

    /** All records at one moment; the maps are never changed after it was made. */
    private record Snapshot<T>(List<T> inOrder, Map<String, T> byId, Map<String, T> byAlias) {}
}
