package org.ccrelayer.internal.settlement;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.ccrelayer.usage.MeteredAnswer;

/**
 * What is known of an upstream attempt when it is over.
 *
 * @param attemptId identifies it, once and for all
 * @param exchangeId the exchange it belongs to
 * @param keyId the relay key that asked
 * @param accountId the account that was used
 * @param requestedModel the model that was asked for
 * @param sent whether the upstream may have seen the request
 * @param refused whether the upstream answered with an error status
 * @param answer what metering found
 * @param startedAt when it began
 */
public record AttemptEnd(
        String attemptId,
        String exchangeId,
        String keyId,
        String accountId,
        String requestedModel,
        boolean sent,
        boolean refused,
        MeteredAnswer answer,
        Instant startedAt) {
    public AttemptEnd {
        requireNonNull(attemptId, "attemptId");
        requireNonNull(exchangeId, "exchangeId");
        requireNonNull(keyId, "keyId");
        requireNonNull(accountId, "accountId");
        requireNonNull(requestedModel, "requestedModel");
        requireNonNull(answer, "answer");
        requireNonNull(startedAt, "startedAt");
    }
}
