package org.ccrelayer.ownership;

import static java.util.Objects.requireNonNull;

/**
 * The name of an object upstream. Immutable; does not print the id, which may be a secret.
 *
 * @param kind what it is
 * @param id what the upstream calls it; not empty
 */
public record ObjectId(ObjectKind kind, String id) {
    public ObjectId {
        requireNonNull(kind, "kind");
        if (id.isEmpty()) {
            throw new IllegalArgumentException("id: must not be empty");
        }
    }

    /** Names the kind alone. */
    @Override
    public String toString() {
        return "ObjectId[" + kind + "]";
    }
}
