package org.ccrelayer.simulated;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * One request as it came over the wire, immutable as long as nobody writes into {@link #body()}.
 *
 * @param method the method as sent
 * @param path the path exactly as sent, without the query and not decoded
 * @param query the query exactly as sent, without the question mark; null when the request had none
 * @param headers in the order received, the body's framing headers included; names as spelled by the sender, except
 *     that Host and Content-Length are always spelled like this
 * @param body the body's bytes after removal of the transfer coding; a content coding is left as it is. Not copied: do
 *     not modify
 * @param connectionId equal for two requests that came over the same TCP connection
 */
public record ReceivedRequest(
        String method,
        String path,
        String query,
        List<Map.Entry<String, String>> headers,
        byte[] body,
        long connectionId) {

    private static final String BEARER = "Bearer ";

    /** Takes a copy of the list of headers. */
    public ReceivedRequest {
        headers = List.copyOf(headers);
    }

    /** The first value of a header, its name in any case, or null when the request did not carry it. */
    public String header(String name) {
        List<String> values = headers(name);
        return values.isEmpty() ? null : values.get(0);
    }

    /** All values of a header in the order received, its name in any case; empty when there is none. */
    public List<String> headers(String name) {
        return headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The SHA-256 of the body as lower-case hex. */
    public String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the request was authenticated with, {@code x-api-key} first; more than one when the sender mixed them. */
    List<String> credentials() {
        List<String> found = new ArrayList<>(headers("x-api-key"));
        for (String value : headers("authorization")) {
            if (value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                found.add(value.substring(BEARER.length()).strip());
            }
        }
        return found;
    }

    boolean hasAuthHeader() {
        return header("x-api-key") != null || header("authorization") != null;
    }
}
