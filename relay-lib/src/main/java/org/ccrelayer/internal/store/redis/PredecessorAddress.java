package org.ccrelayer.internal.store.redis;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Where an API-key account of the predecessor stands. Immutable; holds no user name and no password.
 *
 * @param url behind which the path of messages goes; without what may be secret, where it may not be used
 * @param problem what is wrong with it; null where nothing is
 */
record PredecessorAddress(URI url, @Nullable String problem) {
    /** Stands for an address that cannot be read; no name ends like that (RFC 2606). */
    private static final URI NOWHERE = URI.create("https://unreadable.invalid");

    private static final String MESSAGES = "/v1/messages";

    /** The address in {@code apiUrl}, where the path of messages may be written already. */
    static PredecessorAddress of(String apiUrl, Endpoints endpoints) {
        String text = withoutSlashes(apiUrl.strip());
        if (text.endsWith(MESSAGES)) {
            text = withoutSlashes(text.substring(0, text.length() - MESSAGES.length()));
        }
        try {
            return new PredecessorAddress(endpoints.baseUrls().apply(text), null);
        } catch (IllegalArgumentException e) {
            return new PredecessorAddress(shown(text), String.valueOf(e.getMessage()));
        }
    }

    private static String withoutSlashes(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '/') {
            end--;
        }
        return text.substring(0, end);
    }

    /** Before its host and behind its path an address may hold secrets. */
    private static URI shown(String text) {
        try {
            URI given = new URI(text);
            return given.getScheme() == null || given.getHost() == null
                    ? NOWHERE
                    : new URI(given.getScheme(), null, given.getHost(), given.getPort(), given.getPath(), null, null);
        } catch (URISyntaxException e) {
            return NOWHERE;
        }
    }
}
