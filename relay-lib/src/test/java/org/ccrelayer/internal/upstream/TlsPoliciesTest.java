package org.ccrelayer.internal.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.account.TlsPolicy.KeyMaterial;
import org.ccrelayer.account.TlsPolicy.Provider;
import org.ccrelayer.internal.outbound.Road;
import org.ccrelayer.internal.upstream.UpstreamFailure.Kind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS policies against real TLS servers, with both providers. */
class TlsPoliciesTest {
    private static TestAuthority authority;
    private static TestAuthority other;

    @BeforeAll
    static void issue() throws Exception {
        authority = TestAuthority.create();
        other = TestAuthority.create();
    }

    private static Upstream upstream() throws Exception {
        return Upstream.secured(authority.identity("localhost"), tls -> {});
    }

    private static KeyMaterial pem(String text) {
        return new KeyMaterial.Pem(Secret.of(text));
    }

    private static KeyMaterial store(String base64) {
        return new KeyMaterial.Pkcs12(Secret.of(base64), Secret.of(new String(TestAuthority.PASSWORD)));
    }

    private static TlsPolicy trusting(Provider provider) {
        return policy(provider, List.of(), List.of());
    }

    private static TlsPolicy policy(Provider provider, List<String> protocols, List<String> suites) {
        return new TlsPolicy(protocols, suites, List.of(), pem(authority.pem()), Set.of(), null, provider);
    }

    private static TlsPolicy pinned(Provider provider, String... pins) {
        return new TlsPolicy(List.of(), List.of(), List.of(), pem(authority.pem()), Set.of(pins), null, provider);
    }

    private static TlsPolicy withKey(Provider provider, KeyMaterial trust, KeyMaterial key) {
        return new TlsPolicy(List.of(), List.of(), List.of(), trust, Set.of(), key, provider);
    }

    private static Sender.Result send(Upstream upstream, String host, TlsPolicy policy) throws Exception {
        try (Sender sender = Sender.patient(TlsPolicy.DEFAULT)) {
            return sender.send(upstream.secureUri(host), new Road("a", EgressProxy.DIRECT, policy));
        }
    }

    private static void assertAnswered(Upstream upstream, TlsPolicy policy) throws Exception {
        Sender.Result result = send(upstream, "localhost", policy);
        assertThat(result.failure()).isNull();
        assertThat(result.body()).isEqualTo("hello");
    }

    private static void assertRefused(Upstream upstream, String host, TlsPolicy policy, Kind kind) throws Exception {
        Sender.Result result = send(upstream, host, policy);
        assertThat(result.kind()).isEqualTo(kind);
        assertThat(upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void anAuthorityIsTrustedOnlyWhereThePolicySaysSo(Provider provider) throws Exception {
        try (Upstream upstream = upstream()) {
            TlsPolicy platform = new TlsPolicy(List.of(), List.of(), List.of(), null, Set.of(), null, provider);
            assertRefused(upstream, "localhost", platform, Kind.TLS_FAILED);
            TlsPolicy stranger =
                    new TlsPolicy(List.of(), List.of(), List.of(), pem(other.pem()), Set.of(), null, provider);
            assertRefused(upstream, "localhost", stranger, Kind.TLS_FAILED);
            assertAnswered(upstream, trusting(provider));
            assertAnswered(upstream, withKey(provider, store(authority.pkcs12()), null));
            assertThat(upstream.seen().protocol()).isEqualTo("TLSv1.3");
        }
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void theHostNameIsVerified(Provider provider) throws Exception {
        try (Upstream upstream = Upstream.secured(authority.identity("another.example"), tls -> {})) {
            assertRefused(upstream, "localhost", trusting(provider), Kind.TLS_FAILED);
            assertRefused(upstream, "127.0.0.1", trusting(provider), Kind.TLS_FAILED);
            String pin = TestAuthority.pin(authority.certificate());
            assertRefused(upstream, "localhost", pinned(provider, pin), Kind.TLS_FAILED);
        }
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void anAddressIsVerifiedToo(Provider provider) throws Exception {
        try (Upstream upstream = Upstream.secured(authority.identity("127.0.0.1"), tls -> {})) {
            assertThat(send(upstream, "127.0.0.1", trusting(provider)).body()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void protocolsAndSuitesAreKept(Provider provider) throws Exception {
        try (Upstream upstream = upstream()) {
            String suite = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
            assertAnswered(upstream, policy(provider, List.of("TLSv1.2"), List.of(suite)));
            assertThat(upstream.seen().protocol()).isEqualTo("TLSv1.2");
            assertThat(upstream.seen().cipherSuite()).isEqualTo(suite);
            assertAnswered(upstream, policy(provider, List.of("TLSv1.3"), List.of("TLS_AES_128_GCM_SHA256")));
            assertThat(upstream.seen().cipherSuite()).isEqualTo("TLS_AES_128_GCM_SHA256");
        }
        try (Upstream old =
                Upstream.secured(authority.identity("localhost"), tls -> tls.setIncludeProtocols("TLSv1.2"))) {
            assertRefused(old, "localhost", policy(provider, List.of("TLSv1.3"), List.of()), Kind.TLS_FAILED);
        }
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void aClientCertificateIsShownWhereThereIsOne(Provider provider) throws Exception {
        TestAuthority clients = TestAuthority.create();
        TestAuthority.Identity client = clients.identity("relay-client");
        try (Upstream upstream = Upstream.secured(authority.identity("localhost"), tls -> {
            tls.setNeedClientAuth(true);
            tls.setTrustStore(trustStore(clients));
        })) {
            KeyMaterial trust = pem(authority.pem());
            assertAnswered(upstream, withKey(provider, trust, pem(client.pem())));
            assertThat(upstream.seen().client()).isEqualTo(client.certificate());
            assertAnswered(upstream, withKey(provider, trust, store(client.pkcs12())));
            Sender.Result without = send(upstream, "localhost", withKey(provider, trust, null));
            assertThat(without.kind()).isEqualTo(Kind.TLS_FAILED);
            assertThat(upstream.requests()).hasSize(2);
        }
    }

    private static java.security.KeyStore trustStore(TestAuthority clients) {
        try {
            return clients.trustStore();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void oneKeyOnThePathMustBePinned(Provider provider) throws Exception {
        TestAuthority.Identity identity = authority.identity("localhost");
        try (Upstream upstream = Upstream.secured(identity, tls -> {})) {
            assertRefused(
                    upstream,
                    "localhost",
                    pinned(provider, TestAuthority.pin(other.certificate())),
                    Kind.TLS_NOT_PINNED);
            assertAnswered(upstream, pinned(provider, identity.pin()));
            assertAnswered(upstream, pinned(provider, TestAuthority.pin(authority.certificate())));
            assertAnswered(upstream, pinned(provider, TestAuthority.pin(other.certificate()), identity.pin()));
        }
    }

    @Test
    void aPinnedCertificateBesideThePathDoesNotCount() throws Exception {
        TestAuthority.Identity real = authority.identity("localhost");
        TestAuthority.Identity stuffed =
                new TestAuthority.Identity(real.key(), real.certificate(), other.certificate());
        try (Upstream upstream = Upstream.secured(stuffed, tls -> {})) {
            assertRefused(
                    upstream,
                    "localhost",
                    pinned(Provider.JDK, TestAuthority.pin(other.certificate())),
                    Kind.TLS_NOT_PINNED);
        }
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void whatAnAccountDoesNotSayComesFromTheWholeRelay(Provider provider) throws Exception {
        try (Upstream upstream = upstream();
                Sender sender = Sender.patient(policy(provider, List.of("TLSv1.2"), List.of()))) {
            Road road = new Road("a", EgressProxy.DIRECT, TlsPolicy.DEFAULT);
            assertThat(sender.send(upstream.secureUri("localhost"), road).body())
                    .isEqualTo("hello");
            assertThat(upstream.seen().protocol()).isEqualTo("TLSv1.2");
            TlsPolicy own = new TlsPolicy(List.of("TLSv1.3"), List.of(), List.of(), null, Set.of(), null, Provider.JDK);
            sender.send(upstream.secureUri("localhost"), new Road("a", EgressProxy.DIRECT, own));
            assertThat(upstream.seen().protocol()).isEqualTo("TLSv1.3");
        }
    }

    @Test
    void groupsAreKeptByBouncyCastleOnAnyJava() throws Exception {
        try (Upstream upstream = upstream()) {
            assertAnswered(upstream, groups(Provider.BC, "secp384r1"));
        }
    }

    private static TlsPolicy groups(Provider provider, String... groups) {
        return new TlsPolicy(List.of(), List.of(), List.of(groups), pem(authority.pem()), Set.of(), null, provider);
    }

    @Test
    void aServerThatSaysNothingIsATimeOut() throws Exception {
        try (ScriptedPeer peer = ScriptedPeer.silent();
                Sender sender = new Sender()) {
            Sender.Result result = sender.send(
                    java.net.URI.create("https://localhost:" + peer.port()),
                    new Road("a", EgressProxy.DIRECT, trusting(Provider.JDK)));
            assertThat(result.kind()).isEqualTo(Kind.TLS_TIMED_OUT);
            assertThat(result.failure().sent()).isFalse();
        }
    }

    @Test
    void aServerWithoutTlsIsAFailedHandshake() throws Exception {
        try (Upstream upstream = Upstream.plain()) {
            assertRefused(upstream, "localhost", trusting(Provider.JDK), Kind.TLS_FAILED);
        }
    }

    @Test
    void aThousandRequestsUseOneSecuredConnection() throws Exception {
        try (Upstream upstream = upstream();
                Sender sender = new Sender()) {
            Road road = new Road("a", EgressProxy.DIRECT, trusting(Provider.JDK));
            for (int request = 0; request < 1_000; request++) {
                assertThat(sender.send(upstream.secureUri("localhost"), road).body())
                        .isEqualTo("hello");
            }
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }
}
