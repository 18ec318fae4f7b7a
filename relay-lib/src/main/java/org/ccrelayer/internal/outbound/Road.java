package org.ccrelayer.internal.outbound;

import static java.util.Objects.requireNonNull;

import org.ccrelayer.account.Account;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.TlsPolicy;

/**
 * The road on which requests leave. Requests share connections only on equal roads: those of one account that go through the
 * same proxy as the same user and are secured in the same way. An account that is changed has another road from then on, and
 * what runs on the old one ends there. Immutable; prints nothing but the account.
 *
 * @param account the account's id
 * @param proxy what it leads through
 * @param tls how it is secured
 */
public record Road(String account, EgressProxy proxy, TlsPolicy tls) {
    public Road {
        requireNonNull(account, "account");
        requireNonNull(proxy, "proxy");
        requireNonNull(tls, "tls");
    }

    /** The road of an account as it is now. */
    public static Road of(Account account) {
        return new Road(account.id(), account.proxy(), account.tls());
    }

    @Override
    public String toString() {
        return "road of " + account;
    }
}
