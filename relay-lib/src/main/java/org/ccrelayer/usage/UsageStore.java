package org.ccrelayer.usage;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The ledger: one row per upstream attempt. A row is opened before its request is sent and settled once; the first
 * terminal state is the last. Totals are the sum of the settled rows, and of what another program counted in the same store,
 * where one did. Safe for concurrent use.
 *
 * <p>{@link #open}, {@link #streaming} and {@link #settle} do not wait for a disk: what they accepted survives the end of
 * the process at any moment, and within a second the end of the machine.
 */
public interface UsageStore {
    /**
     * Opens a row in state {@code RESERVED}. A row whose id is already there changes nothing.
     *
     * @throws org.ccrelayer.error.RelayException {@code STORE_UNAVAILABLE} if it cannot be kept; then nothing may be sent
     */
    void open(UsageRecord row);

    /**
     * Says that the answer of an open row has begun; changes nothing where no such row is open. Does not wait for a network: where
     * that fails, the row stays as it was.
     */
    void streaming(String attemptId);

    /**
     * Books a row in a terminal state, and takes what counts of it off what its exchange has reserved.
     *
     * @return whether it was booked; false where no such row is open, since it was settled before
     */
    boolean settle(UsageRecord row);

    /** Waits until everything accepted before would survive the end of the machine. Blocks. */
    void flush();

    /** The row of an attempt, in its present state. May block. */
    Optional<UsageRecord> find(String attemptId);

    /** The rows of an exchange, in the order of their attempts' beginnings. May block. */
    List<UsageRecord> ofExchange(String exchangeId);

    /** The sum of everything of a subject's rows. May block. */
    UsageTotals totals(UsageSubject subject);

    /**
     * The sums of a subject's rows by period, oldest first; periods without rows are left out. Hours are kept for 7 days,
     * days for 32 days, months for 365 days. May block.
     *
     * @return sums by the periods' names: {@code 2026-11-22:10}, {@code 2026-11-22} or {@code 2026-11}
     */
    SortedMap<String, UsageTotals> history(UsageSubject subject, UsagePeriod period);

    /** The sums of everything of a relay key's rows by model. May block. */
    Map<String, UsageTotals> modelsOfKey(String keyId);

    /** As {@link #totals(UsageSubject)} of that key. */
    default UsageTotals totalsOfKey(String keyId) {
        return totals(UsageSubject.key(keyId));
    }

    /** As {@link #totals(UsageSubject)} of everything. */
    default UsageTotals totals() {
        return totals(UsageSubject.EVERYTHING);
    }
}
