/**
 * Tokens and money: what an answer used, what that costs, and the port that keeps the rows.
 *
 * <p>Starting points: {@link org.ccrelayer.usage.TokenUsage}, {@link org.ccrelayer.usage.PriceTable} and {@link
 * org.ccrelayer.usage.UsageRecord}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.usage;
