/**
 * List prices: the bundled price file, an operator's file on top of it, and the arithmetic from an answer's usage to an
 * exact cost.
 *
 * <p>Starting points: {@link org.ccrelayer.internal.pricing.CurrentPrices} is the table that a relay uses, {@link
 * org.ccrelayer.internal.pricing.PriceFile} reads and checks a file, {@link org.ccrelayer.internal.pricing.ModelPrices}
 * is what it yields and {@code BilledStep} says which parts of an answer are charged.
 *
 * <p>Every price is a list price of the Anthropic-operated API: an estimate of a bill, not the bill.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.pricing;
