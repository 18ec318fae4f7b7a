/**
 * The way of a request, from the first header to the last byte.
 *
 * <p>Starting points: {@link org.ccrelayer.internal.pipeline.RelayPipeline} shows the whole way; {@link
 * org.ccrelayer.internal.pipeline.Exchange} is what a request holds while it is on it.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.pipeline;
