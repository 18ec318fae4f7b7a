/**
 * Container-neutral HTTP messages: what an adapter hands to the relay and gets back.
 *
 * <p>Starting points: {@link org.ccrelayer.http.ClientRequest} and {@link org.ccrelayer.http.ClientResponse}. Bodies are
 * Jetty content sources and sinks, so that back-pressure is part of the type. Code in
 * the same JVM makes its own messages: {@link org.ccrelayer.http.InMemoryRequest} and {@link
 * org.ccrelayer.http.InMemoryResponse}.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.http;
