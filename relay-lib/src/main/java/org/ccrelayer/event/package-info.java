/**
 * The one observation point: what a listener is told about exchanges and their attempts.
 *
 * <p>Starting point: {@link org.ccrelayer.event.RelayListener}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.event;
