package org.ccrelayer.account;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * That an account, or one family of models on it, is left alone for a time. Immutable.
 *
 * @param accountId the account
 * @param family the family; empty where it is the whole account
 * @param until when the time is over
 * @param cause why, as one word of the relay's
 * @param status what the upstream answered; 0 where it did not, or that is not known
 * @param soft whether it may be used all the same when nothing better is there
 * @param reason in a few words, for people; nothing that an upstream wrote but a well-formed error code
 */
public record AccountRest(
        String accountId, String family, Instant until, String cause, int status, boolean soft, String reason) {
    public AccountRest {
        requireNonNull(accountId, "accountId");
        requireNonNull(family, "family");
        requireNonNull(until, "until");
        requireNonNull(cause, "cause");
        requireNonNull(reason, "reason");
    }
}
