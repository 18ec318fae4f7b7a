package org.ccrelayer.store;

import java.util.List;
import java.util.Optional;
import org.ccrelayer.account.AccountStore;
import org.ccrelayer.account.ConsumerLogin;
import org.ccrelayer.account.RestStore;
import org.ccrelayer.account.TokenStore;
import org.ccrelayer.apikey.ApiKeyStore;
import org.ccrelayer.apikey.ServiceRates;
import org.ccrelayer.limit.LimitStore;
import org.ccrelayer.ownership.ObjectStore;
import org.ccrelayer.session.SessionStore;
import org.ccrelayer.usage.UsageStore;

/** Everything the relay keeps, as one thing that is opened and closed together. Safe for concurrent use. */
public interface RelayStore extends AutoCloseable {
    /** The upstream accounts. */
    AccountStore accounts();

    /** The tokens that upstream accounts obtain. */
    TokenStore tokens();

    /** The relay keys. */
    ApiKeyStore apiKeys();

    /** The limits of relay keys at work. */
    LimitStore limits();

    /** The ledger. */
    UsageStore usage();

    /** The accounts that sessions stay with. */
    SessionStore sessions();

    /** The objects that relay keys have upstream. */
    ObjectStore objects();

    /** What those who share it tell each other of accounts that rest; empty where nobody can share it. */
    default Optional<RestStore> rests() {
        return Optional.empty();
    }

    /**
     * What services count for, for every relay key beside the rates of its own; nothing but prices where the store knows of no
     * such rates. May block.
     *
     * @throws org.ccrelayer.error.RelayException {@code STORE_UNAVAILABLE} if it does not answer
     */
    default ServiceRates serviceRates() {
        return ServiceRates.NONE;
    }

    /**
     * Logins of people that another program keeps in the same store, by their ids; they are only listed. Blocks within the store's
     * deadline, and throws a {@code RelayException} when it does not answer.
     */
    default List<ConsumerLogin> consumerLogins() {
        return List.of();
    }

    /**
     * Whether its methods wait for a network, so that none of them is called by a thread that carries other requests. Only those
     * that say so do not wait.
     */
    default boolean remote() {
        return false;
    }

    /** Whether it answers; what {@code /health} tells. Does not block. */
    boolean healthy();

    /** Makes everything durable and lets go of it; safe to call more than once. */
    @Override
    void close();
}
