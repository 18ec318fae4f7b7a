package org.ccrelayer.account;

import java.util.List;

/**
 * What those who share a store tell each other of accounts that are of no use for a time. It helps them, and nothing depends on it:
 * what is lost is found out again. A change of an account by an operator ends what relays told of it. Safe for concurrent use.
 */
public interface RestStore {
    /** Tells that something rests. Does not wait, and fails silently. */
    void begun(AccountRest rest);

    /**
     * Takes back what this relay told of an account as a whole and of that family, since it works again. Does not wait, and
     * fails silently.
     *
     * @param family may be empty
     */
    void over(String accountId, String family);

    /**
     * What others told and has not ended, with its end by this relay's clock; at most one for each account and family of each who
     * told. May block on the store, within its deadline, and throws a {@code RelayException} when it does not answer.
     */
    List<AccountRest> others();
}
