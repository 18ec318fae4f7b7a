/**
 * Reading along: finds in the bytes of an upstream's answer what the answer used, and changes none of them.
 *
 * <p>Starting points: {@link org.ccrelayer.internal.metering.UsageMeter}, one per answer, and {@link
 * org.ccrelayer.internal.metering.SseScanner}, which finds the events in a stream.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.metering;
