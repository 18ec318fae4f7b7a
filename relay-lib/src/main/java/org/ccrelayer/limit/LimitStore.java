package org.ccrelayer.limit;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.ccrelayer.apikey.KeyLimits;

/**
 * Decides who has room within the limits of a relay key, atomically and by the store's own clock, so that relays which
 * share a store agree. What was spent follows from the ledger's rows. Safe for concurrent use; may block on the store,
 * within its deadline, and throws a {@code RelayException} when it does not answer.
 *
 * <p>A lease that is not renewed in time no longer counts as running. Its reservation and its open rows stand until it has
 * not been renewed for twice its time; then {@link #reap} books the rows as {@code UNKNOWN} and drops the rest.
 */
public interface LimitStore {
    /**
     * Lets an exchange in if every limit has room: the lease runs, the request is counted in the window, and the worst case is
     * reserved. Limits are looked at in the order of {@link Refusal.Limit} and the first without room is told; of several
     * budgets without room, one that is used up, then the one that has the least left, then one that is reserved.
     */
    Decision claim(Claim claim);

    /**
     * Makes the reservation of a running exchange whole again before another attempt.
     *
     * @return whether there is room for {@code claim.worstNanoUsd()}; if not, the reservation is as before
     */
    boolean cover(Claim claim);

    /**
     * Lets a lease run for {@code ttl} from now. A lease that ran out comes back if there still is room.
     *
     * @param concurrency the key's limit of requests at the same time; 0 means any number
     * @return whether it runs
     */
    boolean renew(Lease lease, Duration ttl, int concurrency);

    /** As {@link #renew}; a store behind a network does not wait for its answer, so that many are renewed at once. */
    default CompletionStage<Boolean> renewing(Lease lease, Duration ttl, int concurrency) {
        return CompletableFuture.supplyAsync(() -> renew(lease, ttl, concurrency), Runnable::run);
    }

    /**
     * Ends a lease and drops what is left of its reservation. Ending it twice is no error. Does not wait for a network: a lease
     * whose end is not heard of runs out.
     *
     * @param free whether the exchange counts for nothing, so that its request is taken off the window
     */
    void release(Lease lease, boolean free);

    /** Books and drops what crashed relays left behind; how many leases that were. Changes nothing that is renewed. */
    int reap();

    /** What counts against a key's limits now. */
    LimitUse use(String keyId, KeyLimits limits, ZoneOffset zone);
}
