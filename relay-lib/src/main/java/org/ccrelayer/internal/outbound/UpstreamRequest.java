package org.ccrelayer.internal.outbound;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import org.ccrelayer.http.ReplayableBody;
import org.eclipse.jetty.http.HttpFields;

/**
 * A request as it goes to an upstream. Immutable; prints no header.
 *
 * @param method the method
 * @param origin scheme, host and port
 * @param target path and query as they stand in the request line; not checked, since the client's bytes are passed on
 * @param headers every field that is sent except those of the connection
 * @param body what is sent
 * @param road the way there
 */
public record UpstreamRequest(
        String method, URI origin, String target, HttpFields headers, ReplayableBody body, Road road) {
    public UpstreamRequest {
        requireNonNull(method, "method");
        requireNonNull(origin, "origin");
        requireNonNull(target, "target");
        requireNonNull(headers, "headers");
        requireNonNull(body, "body");
        requireNonNull(road, "road");
    }

    @Override
    public String toString() {
        return method + " " + origin;
    }
}
