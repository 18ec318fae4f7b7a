package org.ccrelayer.internal.routing;

import static java.util.Objects.requireNonNull;

import org.ccrelayer.account.Account;

/**
 * An account as the policy sees it.
 *
 * @param account the account
 * @param lastUse the place in the sequence of uses where it was last chosen; 0 means never
 */
public record Candidate(Account account, long lastUse) {
    public Candidate {
        requireNonNull(account, "account");
    }
}
