package org.ccrelayer.internal.store.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What makes the fields of one hash out of another's. Immutable.
 *
 * @param set the fields that are new, or have another value
 * @param drop the fields that are gone
 */
record FieldChange(Map<String, String> set, List<String> drop) {
    FieldChange {
        set = Map.copyOf(set);
        drop = List.copyOf(drop);
    }

    static FieldChange between(Map<String, String> before, Map<String, String> after) {
        Map<String, String> set = new LinkedHashMap<>(after);
        before.forEach(set::remove);
        List<String> drop = new ArrayList<>(before.keySet());
        drop.removeAll(after.keySet());
        return new FieldChange(set, drop);
    }

    boolean isEmpty() {
        return set.isEmpty() && drop.isEmpty();
    }

    /** Only the fields' names, since some values are secret. */
    @Override
    public String toString() {
        return "FieldChange[set=" + set.keySet() + ", drop=" + drop + "]";
    }
}
