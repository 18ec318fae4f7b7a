package org.ccrelayer.internal.outbound;

import java.net.URI;
import java.util.Set;
import org.ccrelayer.account.Account;
import org.ccrelayer.http.ClientRequest;
import org.ccrelayer.http.ReplayableBody;
import org.ccrelayer.internal.credential.Credential;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * Decides which header fields pass. It removes and it authenticates; it never invents what a client did not send, save
 * for the {@code Via} field that a gateway owes (RFC 9110 section 7.6.3). Safe for concurrent use.
 */
public final class OutboundPolicy {
    private static final String VIA_ENTRY = "1.1 relay";

    /** Credentials, cookies and what the relay computes itself. */
    private static final Set<String> DROPPED_FROM_REQUESTS = Set.of(
            "authorization",
            "x-api-key",
            "x-goog-api-key",
            "api-key",
            "cookie",
            "cookie2",
            "host",
            "content-length",
            "expect",
            "accept-encoding",
            "forwarded",
            "x-real-ip",
            "true-client-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "cf-connecting-ip");

    private static final String FORWARDING_PREFIX = "x-forwarded-";

    private static final Set<String> DROPPED_FROM_ANSWERS =
            Set.of("set-cookie", "set-cookie2", "anthropic-organization-id", "anthropic-workspace-id");

    private final boolean via;

    /** A policy that adds {@code Via} to upstream requests, or does not. */
    public OutboundPolicy(boolean via) {
        this.via = via;
    }

    /** The request for {@code account}: path, query, body and open header fields as the client sent them. */
    public UpstreamRequest clientToUpstream(
            ClientRequest clientRequest, ReplayableBody body, Account account, Credential credential) {
        HttpFields.Mutable headers = requestHeaders(clientRequest.headers());
        headers.put(HttpHeader.ACCEPT_ENCODING, "identity");
        headers.put(credential.header(), credential.value().reveal());
        String query = clientRequest.query() == null ? "" : "?" + clientRequest.query();
        URI base = account.baseUrl();
        String target = base.getRawPath() + clientRequest.path() + query;
        return new UpstreamRequest(clientRequest.method(), base, target, headers, body, Road.of(account));
    }

    private HttpFields.Mutable requestHeaders(HttpFields clientHeaders) {
        HopByHop hopByHop = HopByHop.of(clientHeaders);
        HttpFields.Mutable headers = HttpFields.build();
        for (HttpField field : clientHeaders) {
            String name = field.getLowerCaseName();
            if (!hopByHop.contains(name)
                    && !DROPPED_FROM_REQUESTS.contains(name)
                    && !name.startsWith(FORWARDING_PREFIX)) {
                headers.add(field);
            }
        }
        if (via) {
            headers.add(HttpHeader.VIA, VIA_ENTRY);
        }
        return headers;
    }

    /** The header fields of an upstream's answer that a client may see: all but the connection's and the account's. */
    public HttpFields.Mutable upstreamToClient(HttpFields upstreamHeaders) {
        HopByHop hopByHop = HopByHop.of(upstreamHeaders);
        HttpFields.Mutable headers = HttpFields.build();
        for (HttpField field : upstreamHeaders) {
            String name = field.getLowerCaseName();
            if (!hopByHop.contains(name) && !DROPPED_FROM_ANSWERS.contains(name) && !tellsAccountLimits(name)) {
                headers.add(field);
            }
        }
        return headers;
    }

    private static boolean tellsAccountLimits(String name) {
        return name.startsWith("anthropic-ratelimit-")
                || name.startsWith("anthropic-priority-")
                || name.startsWith("anthropic-fast-");
    }
}
