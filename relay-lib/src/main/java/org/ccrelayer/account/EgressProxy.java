package org.ccrelayer.account;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The road on which an account's requests leave. There is no other: where it is closed, they do not leave. Immutable. */
public sealed interface EgressProxy {
    /** Straight to the upstream. */
    EgressProxy DIRECT = new Direct();

    /** Every secret text in it. */
    List<Secret> secrets();

    /** Straight to the upstream. */
    record Direct() implements EgressProxy {
        @Override
        public List<Secret> secrets() {
            return List.of();
        }
    }

    /**
     * Through a tunnel that an HTTP proxy opens (RFC 9110 section 9.3.6).
     *
     * @param host the proxy, a name or an address, IPv6 in brackets
     * @param port 1 to 65535
     * @param login who uses it; null where it asks nobody
     */
    record HttpConnect(String host, int port, @Nullable Login login) implements EgressProxy {
        public HttpConnect {
            check(host, port);
        }

        @Override
        public List<Secret> secrets() {
            return login == null ? List.of() : List.of(login.password());
        }
    }

    /**
     * Through a SOCKS 5 proxy (RFC 1928), which also looks up the upstream's name.
     *
     * @param host the proxy, a name or an address, IPv6 in brackets
     * @param port 1 to 65535
     * @param login who uses it (RFC 1929); null where it asks nobody
     */
    record Socks5(String host, int port, @Nullable Login login) implements EgressProxy {
        public Socks5 {
            check(host, port);
        }

        @Override
        public List<Secret> secrets() {
            return login == null ? List.of() : List.of(login.password());
        }
    }

    /**
     * A user of a proxy.
     *
     * @param username the name, without a colon
     * @param password the password
     */
    record Login(String username, Secret password) {
        public Login {
            requireNonNull(username, "username");
            requireNonNull(password, "password");
        }
    }

    private static void check(String host, int port) {
        requireNonNull(host, "host");
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("proxy.port: must be 1 to 65535");
        }
    }
}
