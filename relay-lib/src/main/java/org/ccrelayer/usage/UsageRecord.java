package org.ccrelayer.usage;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * One row of the ledger: one upstream attempt and what it used and cost. Immutable.
 *
 * @param id identifies the attempt, once and for all: the exchange's id, a hyphen, and the attempt's number
 * @param exchangeId the exchange that the attempt belongs to
 * @param keyId the relay key that asked
 * @param accountId the account that was used
 * @param model the model that is billed
 * @param family the model's family in the price table, such as {@code opus}; empty where it is not known
 * @param state how far the attempt is and how sure its figures are
 * @param tokens what is billed, summed over iterations where there are any
 * @param webSearchRequests searches that are billed
 * @param costNanoUsd the price in billionths of a dollar, rounded up
 * @param countedNanoUsd what limits and budgets count of it: the price times the rate that held when its exchange was let in,
 *     rounded up
 * @param worstNanoUsd the most that it can cost, in billionths of a dollar; 0 where nothing is reserved
 * @param reservedNanoUsd what was reserved for it: what limits count of that
 * @param unknownModel whether the price is the fallback for unknown models
 * @param admittedAt when its exchange was let in, which decides the hour, day, week and month that it counts in
 * @param startedAt when the attempt began
 * @param endedAt when it ended; the same as {@code startedAt} while it has not
 */
public record UsageRecord(
        String id,
        String exchangeId,
        String keyId,
        String accountId,
        String model,
        String family,
        State state,
        Tokens tokens,
        long webSearchRequests,
        long costNanoUsd,
        long countedNanoUsd,
        long worstNanoUsd,
        long reservedNanoUsd,
        boolean unknownModel,
        Instant admittedAt,
        Instant startedAt,
        Instant endedAt) {
    /** How far an attempt is, and how sure a row's figures are. The last four are final. */
    public enum State {
        /** It is about to be sent. */
        RESERVED,
        /** Its answer has begun. */
        STREAMING,
        /** The upstream reported the whole usage. */
        FINAL,
        /** The answer broke off; the output was estimated from what was seen. */
        ESTIMATED,
        /** The request was sent and nothing is known of what it used: it costs the worst case, where that was reserved. */
        UNKNOWN,
        /** Nothing was used: the attempt failed or was refused before any output. */
        VOID;

        /** Whether nothing changes any more. */
        public boolean terminal() {
            return this != RESERVED && this != STREAMING;
        }
    }

    public UsageRecord {
        requireNonNull(id, "id");
        requireNonNull(exchangeId, "exchangeId");
        requireNonNull(keyId, "keyId");
        requireNonNull(accountId, "accountId");
        requireNonNull(model, "model");
        requireNonNull(family, "family");
        requireNonNull(state, "state");
        requireNonNull(tokens, "tokens");
        requireNonNull(admittedAt, "admittedAt");
        requireNonNull(startedAt, "startedAt");
        requireNonNull(endedAt, "endedAt");
        if (Math.min(costNanoUsd, countedNanoUsd) < 0
                || Math.min(worstNanoUsd, reservedNanoUsd) < 0
                || webSearchRequests < 0) {
            throw new IllegalArgumentException("figures must not be negative");
        }
    }

    /** A row that limits count at its price. */
    public UsageRecord(
            String id,
            String exchangeId,
            String keyId,
            String accountId,
            String model,
            String family,
            State state,
            Tokens tokens,
            long webSearchRequests,
            long costNanoUsd,
            long reservedNanoUsd,
            boolean unknownModel,
            Instant admittedAt,
            Instant startedAt,
            Instant endedAt) {
        this(
                id,
                exchangeId,
                keyId,
                accountId,
                model,
                family,
                state,
                tokens,
                webSearchRequests,
                costNanoUsd,
                costNanoUsd,
                reservedNanoUsd,
                reservedNanoUsd,
                unknownModel,
                admittedAt,
                startedAt,
                endedAt);
    }

    /** The same attempt in another open state. */
    public UsageRecord in(State other) {
        return with(other, costNanoUsd, countedNanoUsd, endedAt);
    }

    /** The attempt as it is booked when nobody can tell any more what became of it. */
    public UsageRecord lost(Instant at) {
        return with(State.UNKNOWN, worstNanoUsd, reservedNanoUsd, at);
    }

    private UsageRecord with(State other, long cost, long counted, Instant end) {
        return new UsageRecord(
                id,
                exchangeId,
                keyId,
                accountId,
                model,
                family,
                other,
                tokens,
                webSearchRequests,
                cost,
                counted,
                worstNanoUsd,
                reservedNanoUsd,
                unknownModel,
                admittedAt,
                startedAt,
                end);
    }
}
