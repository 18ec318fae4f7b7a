package org.ccrelayer.limit;

/**
 * What counts against a relay key's limits at a moment. Amounts of money are billionths of a dollar, as limits count them. Immutable.
 *
 * @param leases exchanges that run
 * @param reservedNanoUsd what they have reserved
 * @param windowRequests requests of the running window
 * @param windowTokens tokens of the running window
 * @param windowCostNanoUsd cost of the running window
 * @param dailyNanoUsd cost of this day
 * @param totalNanoUsd cost altogether
 * @param weeklyNanoUsd cost of this week within the weekly budget's scope
 * @param shadowed how many requests a budget in shadow mode would have refused
 */
public record LimitUse(
        int leases,
        long reservedNanoUsd,
        long windowRequests,
        long windowTokens,
        long windowCostNanoUsd,
        long dailyNanoUsd,
        long totalNanoUsd,
        long weeklyNanoUsd,
        long shadowed) {}
