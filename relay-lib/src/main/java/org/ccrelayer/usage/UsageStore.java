package org.ccrelayer.usage;

import java.util.List;
import java.util.Optional;

/** Keeps ledger rows. Safe for concurrent use. */
public interface UsageStore {
    /**
     * Accepts a row without blocking; it becomes durable within a second. A row whose id is already there changes
     * nothing. Rows are never dropped.
     */
    void record(UsageRecord row);

    /** Waits until every row accepted before is durable. Blocks. */
    void flush();

    /** The row of an attempt. */
    Optional<UsageRecord> find(String attemptId);

    /** The rows of an exchange, in the order of their attempts' beginnings. */
    List<UsageRecord> ofExchange(String exchangeId);

    /** The sum of a relay key's rows. */
    UsageTotals totalsOfKey(String keyId);

    /** The sum of all rows. */
    UsageTotals totals();
}
