/**
 * The relay inside a servlet container: an adapter between Servlet 6.0 asynchronous I/O and the relay's messages.
 *
 * <p>Starting point: {@link org.ccrelayer.servlet.RelayServlet}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.servlet;
