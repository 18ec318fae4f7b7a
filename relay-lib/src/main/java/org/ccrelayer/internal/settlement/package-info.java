/**
 * Book it, once: turns the end of an upstream attempt into its ledger row.
 *
 * <p>Starting point: {@link org.ccrelayer.internal.settlement.UsageLedger}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.settlement;
