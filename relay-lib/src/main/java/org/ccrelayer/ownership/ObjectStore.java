package org.ccrelayer.ownership;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The objects that relay keys have upstream, and who made them. An object is known only together with its relay key: another
 * key's object is as unknown as none. Ids are kept as hashes, so that nobody can read a secret out of a store.
 *
 * <p>Of kinds with a {@linkplain ObjectKind#retention() retention} a bounded number is kept, for that time by the store's own
 * clock; the one that was asked for or made longest ago goes first. A crash may lose those of the last seconds. Of
 * {@linkplain ObjectKind#lasting() lasting} kinds all are kept, and are durable when {@link #made} returns.
 *
 * <p>Safe for concurrent use. May block on the store, within its deadline, and throws a {@code RelayException} when it does not
 * answer; {@link #made} waits for neither a disk nor a network where no object is of a lasting kind. Ids of keys and accounts are 1 to
 * {@value #MAX_LENGTH} characters without control characters; anything else is an {@link IllegalArgumentException}.
 */
public interface ObjectStore {
    /** The longest id of a key or an account. */
    int MAX_LENGTH = 256;

    /** Those objects are the key's, and that maker's; whoever was named as the maker of one before no longer is. */
    void made(String keyId, Collection<ObjectId> objects, Maker maker);

    /** Who made which of those objects, as far as they are the key's; all others are missing. */
    Map<ObjectId, Maker> makers(String keyId, Set<ObjectId> objects);

    /**
     * As {@link #makers}; a store behind a network does not wait for the answer, and answers questions in the order in which they are
     * asked.
     */
    default CompletionStage<Map<ObjectId, Maker>> ask(String keyId, Set<ObjectId> objects) {
        return CompletableFuture.completedStage(makers(keyId, objects));
    }

    /** Who made that object; empty where it is not the key's. */
    default Optional<Maker> maker(String keyId, ObjectId object) {
        return Optional.ofNullable(makers(keyId, Set.of(object)).get(object));
    }

    /** Forgets an object, since it was deleted upstream; false where it is not the key's. */
    boolean remove(String keyId, ObjectId object);

    /** Forgets everything of a key, since the key was deleted. */
    void removeAll(String keyId);
}
