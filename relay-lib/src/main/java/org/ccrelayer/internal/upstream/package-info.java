/**
 * The exchange with an upstream: sends a request and hands over the answer as it arrives.
 *
 * <p>Starting point: {@link org.ccrelayer.internal.upstream.UpstreamClient}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.upstream;
