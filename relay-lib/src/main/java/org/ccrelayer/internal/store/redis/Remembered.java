package org.ccrelayer.internal.store.redis;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What this relay saw last, and what of that Redis does not know yet. A bounded number is kept; what was not used for longest goes
 * first. Safe for concurrent use.
 */
final class Remembered<K, V> {
    private static final int MOST = 10_000;

    private final Map<K, V> seen = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<K, V> unsent = new LinkedHashMap<>();

    /** What was seen last under that name. */
    synchronized Optional<V> get(K name) {
        return Optional.ofNullable(seen.get(name));
    }

    /** Redis has that. */
    synchronized void saw(K name, V value) {
        bounded(seen, name, value);
    }

    /** Redis was sent that, in the place of whatever it should have had. */
    synchronized void gave(K name, V value) {
        bounded(seen, name, value);
        unsent.remove(name);
    }

    /** What Redis was sent did not reach it; what was sent since is in its place. */
    synchronized void lost(K name, V value) {
        if (value.equals(seen.get(name))) {
            bounded(unsent, name, value);
        }
    }

    /** Redis should have that, and does not yet. */
    synchronized void owes(K name, V value) {
        bounded(seen, name, value);
        bounded(unsent, name, value);
    }

    private static <K, V> void bounded(Map<K, V> map, K name, V value) {
        map.put(name, value);
        if (map.size() > MOST) {
            map.remove(map.keySet().iterator().next());
        }
    }

    /** That is no longer so. */
    synchronized void forget(K name) {
        seen.remove(name);
        unsent.remove(name);
    }

    /** None of those are so any longer. */
    synchronized void forgetAll(Predicate<K> those) {
        seen.keySet().removeIf(those);
        unsent.keySet().removeIf(those);
    }

    /** Whether Redis should have more. */
    synchronized boolean owing() {
        return !unsent.isEmpty();
    }

    /** What Redis should have. */
    synchronized Map<K, V> owed() {
        return new LinkedHashMap<>(unsent);
    }

    /** Redis has that now, unless it changed meanwhile. */
    synchronized void sent(K name, V value) {
        unsent.remove(name, value);
    }
}
