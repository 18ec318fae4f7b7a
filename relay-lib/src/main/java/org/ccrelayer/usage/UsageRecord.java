package org.ccrelayer.usage;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * One row of the ledger: one upstream attempt and what it used and cost. Immutable.
 *
 * @param id identifies the attempt, once and for all
 * @param exchangeId the exchange that the attempt belongs to
 * @param keyId the relay key that asked
 * @param accountId the account that was used
 * @param model the model that is billed
 * @param state how sure the figures are
 * @param tokens what is billed, summed over iterations where there are any
 * @param webSearchRequests searches that are billed
 * @param costNanoUsd the price in billionths of a dollar, rounded up
 * @param unknownModel whether the price is the fallback for unknown models
 * @param startedAt when the attempt began
 * @param endedAt when it ended
 */
public record UsageRecord(
        String id,
        String exchangeId,
        String keyId,
        String accountId,
        String model,
        State state,
        Tokens tokens,
        long webSearchRequests,
        long costNanoUsd,
        boolean unknownModel,
        Instant startedAt,
        Instant endedAt) {
    /** How sure a row's figures are; every state is final. */
    public enum State {
        /** The upstream reported the whole usage. */
        FINAL,
        /** The answer broke off; the output was estimated from what was seen. */
        ESTIMATED,
        /** The request was sent and nothing is known of what it used. */
        UNKNOWN,
        /** Nothing was used: the attempt failed or was refused before any output. */
        VOID
    }

    public UsageRecord {
        requireNonNull(id, "id");
        requireNonNull(exchangeId, "exchangeId");
        requireNonNull(keyId, "keyId");
        requireNonNull(accountId, "accountId");
        requireNonNull(model, "model");
        requireNonNull(state, "state");
        requireNonNull(tokens, "tokens");
        requireNonNull(startedAt, "startedAt");
        requireNonNull(endedAt, "endedAt");
    }
}
