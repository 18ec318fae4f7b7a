package org.ccrelayer.internal.admin;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A request to the administration API, its body read whole. It prints neither credentials nor query nor body.
 *
 * @param method the method, in the client's spelling
 * @param path the path below the relay's mount point, neither decoded nor normalised, without query
 * @param query the query as the client sent it, without question mark; empty where there is none
 * @param authorization the {@code Authorization} header
 * @param body the body, which the caller does not change any more
 * @param remoteAddress the address of the peer that opened the connection
 */
public record AdminRequest(
        String method, String path, String query, Optional<String> authorization, byte[] body, String remoteAddress) {
    public AdminRequest {
        requireNonNull(method, "method");
        requireNonNull(path, "path");
        requireNonNull(query, "query");
        requireNonNull(authorization, "authorization");
        requireNonNull(body, "body");
        requireNonNull(remoteAddress, "remoteAddress");
    }

    @Override
    public String toString() {
        return "AdminRequest[" + method + " " + path + " from " + remoteAddress + "]";
    }
}
