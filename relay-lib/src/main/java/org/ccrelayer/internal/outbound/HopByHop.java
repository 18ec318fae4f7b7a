package org.ccrelayer.internal.outbound;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Header fields that belong to one connection and are not forwarded (RFC 9110 section 7.6.1): the known ones and those
 * that the message's own {@code Connection} field names.
 */
final class HopByHop {
    private static final Set<String> KNOWN = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-authentication-info",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    private final Set<String> named;

    private HopByHop(Set<String> named) {
        this.named = named;
    }

    /** The fields of a message with those headers. */
    static HopByHop of(HttpFields headers) {
        if (!headers.contains(HttpHeader.CONNECTION)) {
            return new HopByHop(Set.of());
        }
        Set<String> named = new TreeSet<>();
        for (HttpField field : headers) {
            if (field.getHeader() == HttpHeader.CONNECTION && field.getValue() != null) {
                for (String token : field.getValue().split(",")) {
                    named.add(token.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        return new HopByHop(named);
    }

    /** Whether the field with that lower-case name stays on its connection. */
    boolean contains(String lowerCaseName) {
        return KNOWN.contains(lowerCaseName) || named.contains(lowerCaseName);
    }
}
