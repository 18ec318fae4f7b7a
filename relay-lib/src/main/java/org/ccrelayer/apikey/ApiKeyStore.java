package org.ccrelayer.apikey;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Keeps relay keys. Every change is durable when its method returns. Safe for concurrent use; methods may block on the
 * store, within its deadline, and throw a {@code RelayException} when it does not answer.
 */
public interface ApiKeyStore {
    /**
     * Adds a key.
     *
     * @throws IllegalStateException if the id or the hash is taken
     */
    void create(ApiKey key);

    /** The key with that id. */
    Optional<ApiKey> find(String id);

    /** The key with that hash. */
    Optional<ApiKey> findByHash(String hash);

    /** All keys, oldest first. */
    List<ApiKey> list();

    /**
     * Replaces a key by what {@code change} makes of it, atomically; empty where the id is unknown.
     *
     * @throws IllegalArgumentException if the change touches id or hash
     */
    Optional<ApiKey> update(String id, UnaryOperator<ApiKey> change);

    /** Removes a key; false where the id is unknown. */
    boolean delete(String id);
}
