/**
 * Which account: chooses among the accounts that can serve a request, and says why.
 *
 * <p>Starting points: {@link org.ccrelayer.internal.routing.Router} and {@link
 * org.ccrelayer.internal.routing.SelectionPolicy}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.routing;
