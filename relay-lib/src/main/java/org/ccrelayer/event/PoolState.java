package org.ccrelayer.event;

import static java.util.Objects.requireNonNull;

/**
 * The connections of one account to its upstream at one moment. Immutable.
 *
 * @param accountId whose they are
 * @param open how many there are or are being made, those on an old road included
 * @param inUse how many carry a request
 * @param queued how many requests wait for one
 */
public record PoolState(String accountId, int open, int inUse, int queued) {
    public PoolState {
        requireNonNull(accountId, "accountId");
    }

    /** Of an account without connections. */
    public static PoolState none(String accountId) {
        return new PoolState(accountId, 0, 0, 0);
    }

    /** These and other connections of the same account together. */
    public PoolState plus(PoolState other) {
        return new PoolState(accountId, open + other.open, inUse + other.inUse, queued + other.queued);
    }
}
