/**
 * Container-neutral HTTP messages: what an adapter hands to the relay and gets back.
 *
 * <p>Starting points: {@link org.ccrelayer.http.ClientRequest} and {@link org.ccrelayer.http.ClientResponse}. Bodies are
 * Jetty content sources and sinks, so that back-pressure is part of the type.
 */
@org.jspecify.annotations.NullMarked
package org.ccrelayer.http;
