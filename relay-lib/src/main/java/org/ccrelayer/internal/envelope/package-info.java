/**
 * The reading of a request body: once, whole, bounded, and kept as it came; what the relay decides by is picked out on
 * the way.
 *
 * <p>Starting points: {@link org.ccrelayer.internal.envelope.EnvelopeReader} reads, {@link
 * org.ccrelayer.internal.envelope.RequestFacts} is what it finds, {@link org.ccrelayer.internal.envelope.RequestBody} is
 * what it keeps. {@code EnvelopeScanner} knows where in a body things stand.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.envelope;
