package org.ccrelayer.internal.authentication;

import static java.util.Objects.requireNonNull;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.ApiKeyStore;
import org.ccrelayer.apikey.KeyAccess;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.crypto.KeyHash;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whose request it is, before its body is read. Every reason to refuse is told in the same words, so that
 * nobody learns whether a key exists. Safe for concurrent use.
 */
public final class ApiKeyAuthenticator {
    private static final String API_KEY_HEADER = "x-api-key";
    private static final String BEARER = "bearer ";
    private static final int SHORTEST_KEY = 10;
    private static final int LONGEST_KEY = 512;

    /** A percent sign that encodes nothing. */
    private static final Pattern PERCENT = Pattern.compile("%(?![0-9a-fA-F]{2})");

    /** Compared against where no key was found, so that an unknown key takes the same steps as a known one. */
    private static final String NO_HASH = "0".repeat(64);

    private final ApiKeyStore keys;
    private final KeyHash hash;
    private final String prefix;
    private final InstantSource clock;
    private final LegacyClients clients;

    /** Authenticates against {@code keys}; only values that begin with {@code prefix} are taken for relay keys. */
    public ApiKeyAuthenticator(
            ApiKeyStore keys, KeyHash hash, String prefix, InstantSource clock, LegacyClients clients) {
        this.keys = requireNonNull(keys, "keys");
        this.hash = requireNonNull(hash, "hash");
        this.prefix = requireNonNull(prefix, "prefix");
        this.clock = requireNonNull(clock, "clock");
        this.clients = requireNonNull(clients, "clients");
    }

    /**
     * The key that the request carries in {@code Authorization: Bearer} or {@code x-api-key}. Clients often send both,
     * one of them left over from elsewhere: the one that is a relay key counts, two different ones do not.
     *
     * @throws RelayException {@code UNAUTHENTICATED}, {@code FORBIDDEN} for a key that is for something or somebody else, or {@code
     *     INVALID_REQUEST} for a relay key in the query
     */
    public ApiKey authenticate(HttpFields headers, @Nullable String query) {
        refuseKeyInQuery(query);
        Set<String> presented = relayKeys(headers);
        String key = presented.size() == 1 ? presented.iterator().next() : "";
        String wanted = hash.of(key);
        Optional<ApiKey> found = keys.findByHash(wanted);
        boolean same = MessageDigest.isEqual(ascii(found.map(ApiKey::hash).orElse(NO_HASH)), ascii(wanted));
        Instant now = clock.instant();
        ApiKey usable = found.filter(candidate -> same && !key.isEmpty() && candidate.usableAt(now))
                .orElseThrow(() -> new RelayException(Outcome.UNAUTHENTICATED));
        refuseWhatItIsNotFor(usable, headers);
        return activated(usable, now).orElseThrow(() -> new RelayException(Outcome.UNAUTHENTICATED));
    }

    /** Before its life begins, so that a request that is refused does not begin it. */
    private void refuseWhatItIsNotFor(ApiKey key, HttpFields headers) {
        if (!key.access().permits(KeyAccess.CLAUDE)) {
            throw new RelayException(
                    Outcome.FORBIDDEN,
                    "This relay key is not permitted to use Claude. Ask the operator for one that is.");
        }
        clients.check(key, headers);
    }

    /** A key whose life begins with its first use begins it now; of requests that come together, one decides when. */
    private Optional<ApiKey> activated(ApiKey key, Instant now) {
        return key.activation().pending()
                ? keys.update(key.id(), stored -> stored.activatedAt(now)).filter(stored -> stored.usableAt(now))
                : Optional.of(key);
    }

    private Set<String> relayKeys(HttpFields headers) {
        Set<String> found = new LinkedHashSet<>();
        for (HttpField field : headers) {
            String value = field.getValue();
            if (value == null) {
                continue;
            }
            if (field.getHeader() == HttpHeader.AUTHORIZATION) {
                addKey(bearer(value), found);
            } else if (field.getName().equalsIgnoreCase(API_KEY_HEADER)) {
                addKey(value.strip(), found);
            }
        }
        return found;
    }

    private static String bearer(String authorization) {
        String value = authorization.strip();
        return value.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? value.substring(BEARER.length()).strip()
                : "";
    }

    private void addKey(String value, Set<String> found) {
        if (value.startsWith(prefix) && value.length() >= SHORTEST_KEY && value.length() <= LONGEST_KEY) {
            found.add(value);
        }
    }

    /** A key in a query ends up in logs and histories of everything on the way (RFC 6750 section 5.3). */
    private void refuseKeyInQuery(@Nullable String query) {
        if (query == null) {
            return;
        }
        for (String part : query.split("[&;=]")) {
            String text = PERCENT.matcher(part).replaceAll("%25");
            if (isKey(part) || isKey(URLDecoder.decode(text, StandardCharsets.UTF_8))) {
                throw new RelayException(
                        Outcome.INVALID_REQUEST,
                        "The query carries a relay key. Send it as x-api-key or as Authorization: Bearer,"
                                + " and replace the key, since queries are logged.");
            }
        }
    }

    private boolean isKey(String text) {
        String value = text.strip();
        return (value.startsWith(prefix) || bearer(value).startsWith(prefix)) && value.length() >= SHORTEST_KEY;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
