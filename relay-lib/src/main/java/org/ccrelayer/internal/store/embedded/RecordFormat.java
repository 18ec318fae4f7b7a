package org.ccrelayer.internal.store.embedded;

import java.time.Instant;
import org.ccrelayer.internal.json.JsonObject;

/**
 * How one kind of record is kept as JSON. Stateless.
 *
 * @param <T> the kind of record
 */
interface RecordFormat<T> {
    /** The version that is written; a record without it, or with a higher one, is refused. */
    int VERSION = 1;

    /** The name under which the record is kept; it never changes. */
    String id(T value);

    /** Another name that no two records share and that never changes; the id where there is none. */
    String alias(T value);

    /** When the record came to be, which orders lists. */
    Instant createdAt(T value);

    /** The record as JSON; members of {@code previous} that this version does not know are kept. */
    JsonObject write(JsonObject previous, T value);

    /** The record that was written. */
    T read(JsonObject json);

    /** Checks that this version can read the record. */
    static JsonObject readable(JsonObject json) {
        if (json.integer("v").orElse(0L) != VERSION) {
            throw new IllegalStateException(
                    "The store holds a record of another version; use the relay that wrote it, or a newer one.");
        }
        return json;
    }

    /** The value of a member that every record has. */
    static String text(JsonObject json, String name) {
        return json.string(name).orElseThrow(() -> new IllegalStateException("a record in the store lacks " + name));
    }

    /** A whole number that every record has. */
    static long number(JsonObject json, String name) {
        return json.integer(name).orElseThrow(() -> new IllegalStateException("a record in the store lacks " + name));
    }

    /** A truth value that every record has. */
    static boolean truth(JsonObject json, String name) {
        return json.bool(name).orElseThrow(() -> new IllegalStateException("a record in the store lacks " + name));
    }
}
