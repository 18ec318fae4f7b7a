package org.ccrelayer.account;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How connections to an account's upstream are secured, where that differs from the platform's own default. Host names are
 * always verified. Immutable.
 *
 * @param protocols the versions that are offered, such as {@code TLSv1.3}; empty means the provider's
 * @param cipherSuites the suites that are offered, most wanted first; empty means the provider's
 * @param namedGroups the groups of the key exchange, most wanted first; empty means the provider's
 * @param trust whose certificates are trusted; null means the platform's
 * @param pins SHA-256 hashes of public keys (RFC 7469 section 2.4) in base64, one of which the upstream's chain must have; empty
 *     means any
 * @param clientKey the certificate and key that the relay shows; null means none
 * @param provider who does it
 */
public record TlsPolicy(
        List<String> protocols,
        List<String> cipherSuites,
        List<String> namedGroups,
        @Nullable KeyMaterial trust,
        Set<String> pins,
        @Nullable KeyMaterial clientKey,
        Provider provider) {
    /** The platform's own. */
    public static final TlsPolicy DEFAULT =
            new TlsPolicy(List.of(), List.of(), List.of(), null, Set.of(), null, Provider.JDK);

    /** Whose implementation is used. */
    public enum Provider {
        /** The platform's. */
        JDK("JDK"),
        /** Bouncy Castle's, which must be on the class path. */
        BC("BC");

        private final String id;

        Provider(String id) {
            this.id = id;
        }

        /** The name used in configuration and in the administration API. */
        public String id() {
            return id;
        }

        /** The provider with that name, if there is one. */
        public static Optional<Provider> byId(String id) {
            for (Provider provider : values()) {
                if (provider.id.equals(id)) {
                    return Optional.of(provider);
                }
            }
            return Optional.empty();
        }
    }

    /** Certificates, with a private key or without. */
    public sealed interface KeyMaterial {
        /** Every secret text in it. */
        List<Secret> secrets();

        /**
         * One text after the other between their {@code BEGIN} and {@code END} lines (RFC 7468).
         *
         * @param text certificates, and a PKCS 8 private key where one is needed; secret since it may hold one
         */
        record Pem(Secret text) implements KeyMaterial {
            public Pem {
                requireNonNull(text, "text");
            }

            @Override
            public List<Secret> secrets() {
                return List.of(text);
            }
        }

        /**
         * A PKCS 12 store.
         *
         * @param base64 the store's bytes in base64
         * @param password what it opens with
         */
        record Pkcs12(Secret base64, Secret password) implements KeyMaterial {
            public Pkcs12 {
                requireNonNull(base64, "base64");
                requireNonNull(password, "password");
            }

            @Override
            public List<Secret> secrets() {
                return List.of(base64, password);
            }
        }
    }

    public TlsPolicy {
        protocols = List.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
        namedGroups = List.copyOf(namedGroups);
        pins = Set.copyOf(pins);
        requireNonNull(provider, "provider");
    }

    /** Every secret text in it. */
    List<Secret> secrets() {
        if (trust == null && clientKey == null) {
            return List.of();
        }
        return Stream.of(trust, clientKey)
                .flatMap(Stream::ofNullable)
                .flatMap(material -> material.secrets().stream())
                .toList();
    }

    /** This policy where it says something, and {@code general} where it does not. */
    public TlsPolicy over(TlsPolicy general) {
        return new TlsPolicy(
                protocols.isEmpty() ? general.protocols : protocols,
                cipherSuites.isEmpty() ? general.cipherSuites : cipherSuites,
                namedGroups.isEmpty() ? general.namedGroups : namedGroups,
                trust == null ? general.trust : trust,
                pins.isEmpty() ? general.pins : pins,
                clientKey == null ? general.clientKey : clientKey,
                provider == Provider.JDK ? general.provider : provider);
    }
}
