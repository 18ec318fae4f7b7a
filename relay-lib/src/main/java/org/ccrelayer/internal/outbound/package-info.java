/**
 * What may leave: turns a client request into the request for an upstream, and an upstream answer into what a client
 * may see.
 *
 * <p>Starting point: {@link org.ccrelayer.internal.outbound.OutboundPolicy}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.outbound;
