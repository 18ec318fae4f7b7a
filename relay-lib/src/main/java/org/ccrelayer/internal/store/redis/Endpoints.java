package org.ccrelayer.internal.store.redis;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.ccrelayer.account.EgressProxy;

/**
 * Where the relay connects to. Immutable.
 *
 * @param baseUrls the form in which a base URL is kept; throws {@link IllegalArgumentException} whose message says why it may not be used
 * @param proxyHosts what is wrong with the host of a proxy, in lower case, if anything is
 */
public record Endpoints(Function<String, URI> baseUrls, Function<String, Optional<String>> proxyHosts) {
    public Endpoints {
        requireNonNull(baseUrls, "baseUrls");
        requireNonNull(proxyHosts, "proxyHosts");
    }

    boolean permits(EgressProxy proxy) {
        if (proxy instanceof EgressProxy.HttpConnect http) {
            return permits(http.host());
        }
        return !(proxy instanceof EgressProxy.Socks5 socks) || permits(socks.host());
    }

    /** Names in networks of one's own may have underscores. */
    private boolean permits(String host) {
        return proxyHosts.apply(host.toLowerCase(Locale.ROOT).replace('_', '-')).isEmpty();
    }
}
