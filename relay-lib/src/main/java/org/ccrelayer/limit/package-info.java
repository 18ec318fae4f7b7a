/**
 * The limits of relay keys at work: what a request claims before it is sent, what it is told when there is no room, and the
 * port that decides it.
 *
 * <p>Starting points: {@link org.ccrelayer.limit.LimitStore}, {@link org.ccrelayer.limit.Claim} and {@link
 * org.ccrelayer.limit.Refusal}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.limit;
