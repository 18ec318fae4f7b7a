package org.ccrelayer.internal.network;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * Decides where the relay may connect to: base URLs and token endpoints, proxies, and on connecting the addresses that names
 * stand for. What is written is judged without a look-up. Immutable.
 *
 * @param allowPrivateUpstreams whether upstreams may have loopback and private addresses and be {@code localhost}, on
 *     loopback also over {@code http}; link-local addresses and those of cloud metadata services never
 */
public record EndpointGuard(boolean allowPrivateUpstreams) {
    /** Where the public API stands. */
    public static final URI DEFAULT = URI.create("https://api.anthropic.com");

    private static final int MOST_CHARACTERS = 2_048;
    private static final int HIGHEST_PORT = 65_535;

    /**
     * The URL in the form in which it is kept: scheme and host in lower case, no trailing slash.
     *
     * @throws IllegalArgumentException if it may not be used; the message says why and quotes nothing
     */
    public URI check(String url) {
        URI given = parsed(url);
        String scheme = given.getScheme() == null ? "" : given.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw refused("must begin with https://");
        }
        if (given.getRawUserInfo() != null || given.getRawQuery() != null || given.getRawFragment() != null) {
            throw refused("must have no user name, query or fragment; the credential belongs into apiKey");
        }
        String host = given.getHost() == null ? "" : given.getHost().toLowerCase(Locale.ROOT);
        checkReach(scheme, Reach.of(host));
        checkPort(given);
        return URI.create(scheme + "://" + host + (given.getPort() < 0 ? "" : ":" + given.getPort()) + path(given));
    }

    private static URI parsed(String url) {
        if (url.length() > MOST_CHARACTERS) {
            throw refused("must be at most 2048 characters");
        }
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw refused("must be a URL such as https://api.example.com");
        }
    }

    private void checkReach(String scheme, Reach reach) {
        if (reach == Reach.MALFORMED) {
            throw refused("must have a host name or an address in its usual form, such as 192.0.2.1 or [2001:db8::1]");
        }
        if (reach == Reach.FORBIDDEN) {
            throw refused("must not be an address that no upstream has, such as a metadata service's");
        }
        if (reach != Reach.PUBLIC && !allowPrivateUpstreams) {
            throw refused("must not be a local or private address unless ALLOW_PRIVATE_UPSTREAMS is true");
        }
        if (!scheme.equals("https") && reach != Reach.LOOPBACK) {
            throw refused("must begin with https://");
        }
    }

    private static void checkPort(URI url) {
        if (url.getPort() == 0 || url.getPort() > HIGHEST_PORT) {
            throw refused("must have a port of 1 to 65535");
        }
    }

    private static String path(URI url) {
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        String kept = path.substring(0, end);
        for (String segment : kept.split("/", -1)) {
            String plain = segment.toLowerCase(Locale.ROOT).replace("%2e", ".");
            if (plain.equals(".") || plain.equals("..") || plain.contains("%2f") || plain.contains("%5c")) {
                throw refused("must have a plain path, without dot segments and encoded slashes");
            }
        }
        return kept;
    }

    /** What is wrong with the host of a proxy, in lower case and IPv6 addresses in brackets, if anything is. */
    public static Optional<String> proxyProblem(String host) {
        return switch (Reach.of(host)) {
            case MALFORMED ->
                Optional.of("must be a host name or an address in its usual form, such as 192.0.2.1 or [2001:db8::1]");
            case FORBIDDEN ->
                Optional.of(
                        "must not be an address that no proxy has, such as a link-local one or a metadata service's");
            case PUBLIC, PRIVATE, LOOPBACK -> Optional.empty();
        };
    }

    /** Whether a connection may be made to what the name of an upstream stands for at the moment. */
    public boolean mayConnect(InetAddress upstream, boolean secure) {
        return switch (Reach.of(upstream)) {
            case PUBLIC -> secure;
            case PRIVATE -> secure && allowPrivateUpstreams;
            case LOOPBACK -> allowPrivateUpstreams;
            case FORBIDDEN, MALFORMED -> false;
        };
    }

    /**
     * Whether a proxy may be asked to lead there, which nobody here looks up.
     *
     * @param host as it is written, IPv6 addresses in brackets
     */
    public boolean mayLead(String host) {
        return switch (Reach.of(host.toLowerCase(Locale.ROOT))) {
            case PUBLIC -> true;
            case PRIVATE, LOOPBACK -> allowPrivateUpstreams;
            case FORBIDDEN, MALFORMED -> false;
        };
    }

    /** Whether a connection may be made to what the name of a proxy stands for at the moment. */
    public static boolean mayConnectProxy(InetAddress proxy) {
        Reach reach = Reach.of(proxy);
        return reach != Reach.FORBIDDEN && reach != Reach.MALFORMED;
    }

    private static IllegalArgumentException refused(String problem) {
        return new IllegalArgumentException(problem);
    }
}
