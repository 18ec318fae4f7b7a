package org.ccrelayer.internal.settlement;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.ccrelayer.apikey.CountedRate;

/**
 * What is known of an upstream attempt before anything is sent.
 *
 * @param attemptId identifies it, once and for all
 * @param exchangeId the exchange it belongs to
 * @param keyId the relay key that asked
 * @param accountId the account that is used
 * @param requestedModel the model that was asked for
 * @param worstNanoUsd the most that it can cost, in billionths of a dollar; 0 unless the key's budgets are strict, so that it is
 *     reserved
 * @param rate what limits count of its price
 * @param admittedAt when the exchange was let in
 * @param startedAt when it began
 */
public record AttemptStart(
        String attemptId,
        String exchangeId,
        String keyId,
        String accountId,
        String requestedModel,
        long worstNanoUsd,
        CountedRate rate,
        Instant admittedAt,
        Instant startedAt) {
    public AttemptStart {
        requireNonNull(attemptId, "attemptId");
        requireNonNull(exchangeId, "exchangeId");
        requireNonNull(keyId, "keyId");
        requireNonNull(accountId, "accountId");
        requireNonNull(requestedModel, "requestedModel");
        requireNonNull(rate, "rate");
        requireNonNull(admittedAt, "admittedAt");
        requireNonNull(startedAt, "startedAt");
    }

    /** What is reserved for it. */
    public long reservedNanoUsd() {
        return rate.of(worstNanoUsd);
    }
}
