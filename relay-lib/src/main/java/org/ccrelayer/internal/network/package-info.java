/**
 * Where the relay may connect to: base URLs, token endpoints, proxies, and the addresses that their names stand for.
 *
 * <p>Starting point: {@link org.ccrelayer.internal.network.EndpointGuard}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.internal.network;
