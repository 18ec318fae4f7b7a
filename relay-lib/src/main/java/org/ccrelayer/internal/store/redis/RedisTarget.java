package org.ccrelayer.internal.store.redis;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StaticCredentialsProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ccrelayer.account.Secret;
import org.jspecify.annotations.Nullable;

/** Which Redis, and how to log in there. Immutable; prints no password. */
public final class RedisTarget {
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^\\s:/@\\[\\]]+)(?::(\\d{1,5}))?");
    private static final int LAST_PORT = 65_535;
    private static final String FORMS =
            "REDIS_ADDR: must be host:port, redis://host:port, rediss://host:port or redis-sentinel://host:port,host:port#name";

    private final RedisURI uri;
    private final @Nullable Path trusted;

    private RedisTarget(RedisURI uri, @Nullable Path trusted) {
        this.uri = uri;
        this.trusted = trusted;
    }

    /**
     * The same, where certificates of the file's authorities are taken, and no others.
     *
     * @param file {@code REDIS_TRUST_FILE}: certificates in PEM
     * @throws IllegalArgumentException naming the setting and the remedy, if the file cannot be used, or there is no TLS
     */
    public RedisTarget trusting(Path file) {
        if (!uri.isSsl()) {
            throw new IllegalArgumentException(
                    "REDIS_TRUST_FILE: is of no use without TLS; let REDIS_ADDR begin with rediss://, or remove it");
        }
        try (InputStream pem = Files.newInputStream(file)) {
            if (CertificateFactory.getInstance("X.509")
                    .generateCertificates(pem)
                    .isEmpty()) {
                throw new CertificateException("it holds none");
            }
        } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException(
                    "REDIS_TRUST_FILE: " + file + " must be a readable file of certificates in PEM", e);
        }
        return new RedisTarget(uri, file);
    }

    /** The file of the only authorities that are trusted. */
    Optional<Path> trusted() {
        return Optional.ofNullable(trusted);
    }

    /**
     * What the settings name.
     *
     * @param address {@code REDIS_ADDR}: host and port, or a URI of a server or of Sentinels
     * @param password {@code REDIS_PASSWORD}; null where it is in the address, or there is none
     * @param database {@code REDIS_DB}; null where it is in the address, or 0
     * @throws IllegalArgumentException naming the setting and the remedy, never the text, which may hold a password
     */
    public static RedisTarget of(String address, @Nullable Secret password, @Nullable Integer database) {
        RedisURI uri = address.contains("://") ? ofUri(address) : ofHost(address);
        if (password != null) {
            authenticate(uri, address, password);
        }
        if (database != null) {
            uri.setDatabase(database(database));
        }
        uri.setClientName("relay");
        return new RedisTarget(uri, null);
    }

    private static RedisURI ofHost(String address) {
        Matcher matcher = HOST_AND_PORT.matcher(address);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(FORMS);
        }
        String host = requireNonNull(matcher.group(1));
        String port = matcher.group(2);
        int number = port == null ? RedisURI.DEFAULT_REDIS_PORT : Integer.parseInt(port);
        if (number < 1 || number > LAST_PORT) {
            throw new IllegalArgumentException(FORMS);
        }
        return RedisURI.create(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, number);
    }

    private static List<RedisURI> servers(String address) {
        String authority = authority(address);
        String hosts = authority.substring(authority.lastIndexOf('@') + 1);
        return Stream.of(hosts.split(",", -1)).map(RedisTarget::ofHost).toList();
    }

    private static RedisURI ofUri(String address) {
        List<RedisURI> servers = servers(address);
        try {
            RedisURI uri = RedisURI.create(address);
            if (uri.getSocket() != null || uri.getSentinels().isEmpty() && servers.size() > 1) {
                throw new IllegalArgumentException(FORMS);
            }
            if (uri.getSentinels().isEmpty()) {
                // The client library does not find the port behind names such as redis_1, or behind what is no port.
                uri.setHost(servers.get(0).getHost());
                uri.setPort(servers.get(0).getPort());
            }
            return uri;
        } catch (IllegalArgumentException e) {
            // Its cause may quote the text.
            throw new IllegalArgumentException(FORMS);
        }
    }

    /** Beside a password of its own, what stands before the host is the user's name. */
    private static void authenticate(RedisURI uri, String address, Secret password) {
        String user = user(address);
        int end = user.indexOf(':');
        if (end >= 0 && end < user.length() - 1) {
            throw new IllegalArgumentException("REDIS_PASSWORD: REDIS_ADDR holds a password too; give it once");
        }
        String name = URLDecoder.decode(end < 0 ? user : user.substring(0, end), StandardCharsets.UTF_8);
        uri.setCredentialsProvider(
                new StaticCredentialsProvider(RedisCredentials.just(name.isEmpty() ? null : name, password.reveal())));
    }

    private static String user(String address) {
        String authority = authority(address);
        return authority.substring(0, Math.max(0, authority.lastIndexOf('@')));
    }

    private static String authority(String address) {
        int scheme = address.indexOf("://");
        return scheme < 0 ? address : address.substring(scheme + 3).split("[/?#]", 2)[0];
    }

    private static int database(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("REDIS_DB: must be zero or more");
        }
        return number;
    }

    /** As the client takes it. */
    RedisURI uri() {
        return uri;
    }

    /** The same for the client, which waits no longer than that for a connection that stands. */
    RedisURI uri(Duration connecting) {
        // The library copies no URI of Sentinels. Nobody reads the time but who connects, and all say the same.
        uri.setTimeout(connecting);
        uri.getSentinels().forEach(sentinel -> sentinel.setTimeout(connecting));
        return uri;
    }

    /** Names the servers alone. */
    @Override
    public String toString() {
        if (uri.getSentinels().isEmpty()) {
            return uri.getHost() + ":" + uri.getPort();
        }
        return uri.getSentinels().stream()
                .map(sentinel -> sentinel.getHost() + ":" + sentinel.getPort())
                .collect(Collectors.joining(",", "Sentinels ", ""));
    }
}
