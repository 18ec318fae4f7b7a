/**
 * The closed list of how a request may end, and the one exception that carries it.
 *
 * <p>Starting point: {@link org.ccrelayer.error.Outcome}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.error;
