package org.ccrelayer.account;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Keeps accounts. Every change is durable when its method returns. Safe for concurrent use; methods may block on the
 * store, within its deadline, and throw a {@code RelayException} when it does not answer.
 */
public interface AccountStore {
    /**
     * Adds an account.
     *
     * @throws IllegalStateException if the id is taken
     */
    void create(Account account);

    /** The account with that id. */
    Optional<Account> find(String id);

    /** All accounts, oldest first. */
    List<Account> list();

    /**
     * As {@link #list}, for what the relay does by itself and for no request: a store that asks ahead for what is in use takes this
     * for none.
     */
    default List<Account> listQuietly() {
        return list();
    }

    /** Replaces an account by what {@code change} makes of it, atomically; empty where the id is unknown. */
    Optional<Account> update(String id, UnaryOperator<Account> change);

    /** Removes an account and the tokens that it obtained; false where the id is unknown. */
    boolean delete(String id);
}
