package org.ccrelayer.internal.settlement;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What is known of an upstream attempt before anything is sent.
 *
 * @param attemptId identifies it, once and for all
 * @param exchangeId the exchange it belongs to
 * @param keyId the relay key that asked
 * @param accountId the account that is used
 * @param requestedModel the model that was asked for
 * @param reservedNanoUsd what is reserved for it, in billionths of a dollar; 0 unless the key's budgets are strict
 * @param admittedAt when the exchange was let in
 * @param startedAt when it began
 */
public record AttemptStart(
        String attemptId,
        String exchangeId,
        String keyId,
        String accountId,
        String requestedModel,
        long reservedNanoUsd,
        Instant admittedAt,
        Instant startedAt) {
    public AttemptStart {
        requireNonNull(attemptId, "attemptId");
        requireNonNull(exchangeId, "exchangeId");
        requireNonNull(keyId, "keyId");
        requireNonNull(accountId, "accountId");
        requireNonNull(requestedModel, "requestedModel");
        requireNonNull(admittedAt, "admittedAt");
        requireNonNull(startedAt, "startedAt");
    }
}
