/**
 * Which account a session of a client stays with.
 *
 * <p>Starting point: {@link org.ccrelayer.session.SessionStore}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.session;
