package org.ccrelayer.internal.admin;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Decides which base URLs an account may have. Names are not looked up: only what is written is judged. Immutable.
 *
 * @param allowPrivateUpstreams whether loopback, private and link-local addresses and {@code localhost} may be used, for
 *     these also over {@code http}; addresses of cloud metadata services never
 */
public record BaseUrlGuard(boolean allowPrivateUpstreams) {
    /** Where the public API stands. */
    public static final URI DEFAULT = URI.create("https://api.anthropic.com");

    private static final int MOST_CHARACTERS = 2_048;
    private static final int HIGHEST_PORT = 65_535;

    /**
     * The URL in the form in which it is kept: scheme and host in lower case, no trailing slash.
     *
     * @throws IllegalArgumentException if it may not be used; the message says why and quotes nothing
     */
    public URI check(String baseUrl) {
        URI url = parsed(baseUrl);
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw refused("must begin with https://");
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw refused("must have no user name, query or fragment; the credential belongs into apiKey");
        }
        String host = url.getHost() == null ? "" : url.getHost().toLowerCase(Locale.ROOT);
        checkReach(scheme, UpstreamHost.of(host));
        checkPort(url);
        return URI.create(scheme + "://" + host + (url.getPort() < 0 ? "" : ":" + url.getPort()) + path(url));
    }

    private static URI parsed(String baseUrl) {
        if (baseUrl.length() > MOST_CHARACTERS) {
            throw refused("must be at most 2048 characters");
        }
        try {
            return new URI(baseUrl);
        } catch (URISyntaxException e) {
            throw refused("must be a URL such as https://api.example.com");
        }
    }

    private void checkReach(String scheme, UpstreamHost reach) {
        switch (reach) {
            case MALFORMED ->
                throw refused(
                        "must have a host name or an address in its usual form, such as 192.0.2.1 or [2001:db8::1]");
            case FORBIDDEN ->
                throw refused("must not be an address that no upstream has, such as a metadata service's");
            case PRIVATE -> {
                if (!allowPrivateUpstreams) {
                    throw refused("must not be a local or private address unless private upstreams are allowed");
                }
            }
            case PUBLIC -> {
                if (scheme.equals("http")) {
                    throw refused("must begin with https://");
                }
            }
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

    private static IllegalArgumentException refused(String problem) {
        return new IllegalArgumentException(problem);
    }
}
