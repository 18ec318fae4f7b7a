package org.ccrelayer.internal.metering;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.ownership.ObjectKind;
import org.jspecify.annotations.Nullable;

/** The objects that an answer named so far, and those of them that were not handed on yet. Not safe for concurrent use. */
final class MadeObjects {
    /** The longest id; longer ones count as not said. */
    static final int MAX_ID_CHARACTERS = 4096;

    /** How many objects of one answer are told. */
    static final int MOST = 1000;

    private final Set<ObjectId> told = new LinkedHashSet<>(4);
    private List<ObjectId> untold = List.of();

    /** The answer named an object; empty and overlong ids count as not said. */
    void add(ObjectKind kind, @Nullable String id) {
        if (id == null || id.isEmpty() || id.length() > MAX_ID_CHARACTERS || told.size() == MOST) {
            return;
        }
        ObjectId object = new ObjectId(kind, id);
        if (told.add(object)) {
            untold = untold.isEmpty() ? new ArrayList<>(2) : untold;
            untold.add(object);
        }
    }

    /** What was added since this was asked last. */
    List<ObjectId> take() {
        List<ObjectId> taken = untold;
        untold = List.of();
        return taken;
    }
}
