package org.ccrelayer.account;

import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Keeps the tokens that accounts obtain, apart from the accounts, which operators change. Every change is durable when its method
 * returns; what is kept of an account goes with it. Safe for concurrent use, also by several processes where they share a
 * store; methods may block on the store, within its deadline, and throw a {@code RelayException} when it does not answer.
 */
public interface TokenStore {
    /** What is kept of an account's tokens. */
    Optional<StoredToken> find(String accountId);

    /**
     * Replaces what is kept of an account's tokens by what {@code change} makes of it, atomically; nothing is made of nothing, and
     * removed, by the empty value.
     *
     * @return what is kept now
     */
    Optional<StoredToken> update(String accountId, UnaryOperator<Optional<StoredToken>> change);

    /**
     * Takes the account's lock, which whoever calls for a token must hold; who holds it may take it again for longer.
     *
     * @param owner who takes it; no two have the same
     * @param ttl for how long, in case it is not given back
     * @return false where another one holds it
     */
    boolean lock(String accountId, String owner, Duration ttl);

    /** Gives the account's lock back; nothing happens where another one holds it, or nobody. */
    void unlock(String accountId, String owner);

    /** Whether anybody holds the account's lock. */
    boolean locked(String accountId);
}
