package org.ccrelayer.store;

import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The records of a store that no relay has open, for sealing their secrets with another key. Used by one thread; methods throw
 * an {@link IllegalStateException} or a {@code RelayException} where the store cannot be read or written.
 */
public interface SealedRecords extends AutoCloseable {
    /**
     * Checks that the store belongs to one of two keys, that no sealing with a third was begun, and that its relay keys will be
     * known afterwards.
     *
     * @throws IllegalStateException if that is not so, saying what to do
     */
    void check(SecretCipher old, SecretCipher fresh);

    /** Marks the store, so that no relay opens it until {@link #finish}; marking it again does nothing. */
    void begin(SecretCipher fresh);

    /** The names of all records, such as {@code accounts/ID}, also of those without secrets. */
    List<String> names();

    /**
     * Reads a record, whose secrets are opened with {@code cipher}, and writes it back if {@code wanted} says so afterwards,
     * whose secrets are then sealed with it; durable when it returns. Everything else in the record stays as it is.
     */
    void rewrite(String name, SecretCipher cipher, BooleanSupplier wanted);

    /** Makes the store one of the new key, which relays open again. */
    void finish(SecretCipher fresh);

    /** Lets go of the store. */
    @Override
    void close();
}
