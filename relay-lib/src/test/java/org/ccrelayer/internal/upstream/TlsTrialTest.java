package org.ccrelayer.internal.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.account.TlsPolicy.KeyMaterial;
import org.ccrelayer.account.TlsPolicy.Provider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Policies that a provider cannot keep are told by the value that it cannot keep. */
class TlsTrialTest {
    private final TlsRoads roads = new TlsRoads(TlsPolicy.DEFAULT);

    private Map<String, String> problems(
            Provider provider, List<String> protocols, List<String> suites, List<String> groups) {
        return roads.problems(new TlsPolicy(protocols, suites, groups, null, Set.of(), null, provider));
    }

    private Map<String, String> problems(KeyMaterial trust, KeyMaterial key) {
        return roads.problems(new TlsPolicy(List.of(), List.of(), List.of(), trust, Set.of(), key, Provider.JDK));
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void whatIsOfferedIsNoProblem(Provider provider) {
        assertThat(problems(provider, List.of(), List.of(), List.of())).isEmpty();
        assertThat(problems(provider, List.of("TLSv1.3", "TLSv1.2"), List.of(), List.of()))
                .isEmpty();
        assertThat(problems(
                        provider,
                        List.of(),
                        List.of("TLS_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
                        List.of()))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Provider.class)
    void whatIsNotOfferedIsNamed(Provider provider) {
        assertThat(problems(provider, List.of("TLSv1.3", "TLSv9"), List.of(), List.of()))
                .hasEntrySatisfying(
                        "tls.protocols", problem -> assertThat(problem).contains("TLSv9"));
        assertThat(problems(provider, List.of(), List.of("TLS_AES_256_GCM_SHA384", "TLS_NONSENSE"), List.of()))
                .hasEntrySatisfying(
                        "tls.cipherSuites", problem -> assertThat(problem).contains("TLS_NONSENSE"));
        assertThat(problems(provider, List.of("TLSv1.2"), List.of("TLS_AES_256_GCM_SHA384"), List.of()))
                .hasEntrySatisfying(
                        "tls.cipherSuites", problem -> assertThat(problem).contains("TLS_AES_256_GCM_SHA384"));
    }

    @Test
    void whatThePlatformHasDisabledIsNotOffered() {
        assertThat(problems(Provider.JDK, List.of("TLSv1.2", "TLSv1"), List.of(), List.of()))
                .hasEntrySatisfying(
                        "tls.protocols", problem -> assertThat(problem).contains("TLSv1;"));
        assertThat(problems(Provider.JDK, List.of(), List.of("TLS_RSA_WITH_NULL_SHA256"), List.of()))
                .containsKey("tls.cipherSuites");
    }

    @Test
    void groupsOfBouncyCastleAreKeptOrNamed() {
        assertThat(problems(Provider.BC, List.of(), List.of(), List.of("x25519", "secp384r1")))
                .isEmpty();
        assertThat(problems(Provider.BC, List.of(), List.of(), List.of("x25519", "x99999")))
                .hasEntrySatisfying(
                        "tls.namedGroups", problem -> assertThat(problem).contains("x99999"));
    }

    @Test
    void groupsOfThePlatformNeedANewerJavaThan17() {
        Map<String, String> good = problems(Provider.JDK, List.of(), List.of(), List.of("x25519", "secp384r1"));
        Map<String, String> bad = problems(Provider.JDK, List.of(), List.of(), List.of("x25519", "x99999"));
        if (Runtime.version().feature() < 20) {
            assertThat(good)
                    .hasEntrySatisfying(
                            "tls.namedGroups", problem -> assertThat(problem).contains("Java 20"));
        } else {
            assertThat(good).isEmpty();
            assertThat(bad)
                    .hasEntrySatisfying(
                            "tls.namedGroups", problem -> assertThat(problem).contains("x99999"));
        }
    }

    @Test
    void certificatesThatCannotBeReadAreRefusedWithTheRemedy() throws Exception {
        TestAuthority authority = TestAuthority.create();
        TestAuthority.Identity identity = authority.identity("client");
        TestAuthority.Identity mixed = new TestAuthority.Identity(
                authority.identity("x").key(), identity.certificate(), authority.certificate());
        String key = identity.pem();
        String legacy = key.replace("PRIVATE KEY", "EC PRIVATE KEY");
        assertThat(problems(pem(authority.pem()), pem(key))).isEmpty();
        assertThat(problems(pem("nothing"), null)).containsKey("tls.trustPem");
        assertThat(problems(pem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"), null))
                .containsKey("tls.trustPem");
        assertThat(problems(null, pem(legacy)))
                .hasEntrySatisfying(
                        "tls.clientPem", problem -> assertThat(problem).contains("openssl pkcs8"));
        assertThat(problems(null, pem(mixed.pem()))).containsKey("tls.clientPem");
        assertThat(problems(null, pem(authority.pem()))).containsKey("tls.clientPem");
        assertThat(problems(store(authority.pkcs12(), "wrong"), null)).containsKey("tls.trustStore");
        assertThat(problems(store("!!!", "x"), null)).containsKey("tls.trustStore");
        assertThat(problems(null, store(authority.pkcs12(), new String(TestAuthority.PASSWORD))))
                .containsKey("tls.clientStore");
        assertThat(problems(store(identity.pkcs12(), new String(TestAuthority.PASSWORD)), null))
                .containsKey("tls.trustStore");
    }

    private static KeyMaterial pem(String text) {
        return new KeyMaterial.Pem(Secret.of(text));
    }

    private static KeyMaterial store(String base64, String password) {
        return new KeyMaterial.Pkcs12(Secret.of(base64), Secret.of(password));
    }
}
