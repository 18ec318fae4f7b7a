package org.ccrelayer.internal.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the relay may connect to: as it is written, and as names turn out to be. */
class EndpointGuardTest {
    private final EndpointGuard strict = new EndpointGuard(false);
    private final EndpointGuard lenient = new EndpointGuard(true);

    @ParameterizedTest
    @CsvSource({
        "https://api.anthropic.com, https://api.anthropic.com",
        "https://api.anthropic.com/, https://api.anthropic.com",
        "HTTPS://API.Example.COM/Base///, https://api.example.com/Base",
        "https://example.com:8443/a/b, https://example.com:8443/a/b",
        "https://example.com/a%20b, https://example.com/a%20b",
        "https://8.8.8.8, https://8.8.8.8",
        "https://[2001:DB8::1]:443/x, https://[2001:db8::1]:443/x",
        "https://xn--bcher-kva.example, https://xn--bcher-kva.example",
        "https://172.32.0.1, https://172.32.0.1",
        "https://169.253.0.1, https://169.253.0.1"
    })
    void aPublicUrlIsKeptInOneForm(String given, String kept) {
        assertThat(strict.check(given)).hasToString(kept);
        assertThat(lenient.check(given)).hasToString(kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "198.18.0.1",
                "[::]",
                "[::ffff:10.0.0.1]",
                "[::127.0.0.1]",
                "[fc00::1]",
                "[fd12:3456::1]",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::]"
            })
    void aPrivateHostNeedsPermissionAndTls(String host) {
        for (String scheme : new String[] {"https://", "http://"}) {
            assertThatThrownBy(() -> strict.check(scheme + host + ":8080/x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("unless ALLOW_PRIVATE_UPSTREAMS is true");
        }
        assertThat(lenient.check("https://" + host + ":8080/x")).hasPath("/x").hasPort(8080);
        assertThatThrownBy(() -> lenient.check("http://" + host + ":8080/x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must begin with https://");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.255.254",
                "localhost",
                "LOCALHOST",
                "api.localhost",
                "[::1]",
                "[0:0:0:0:0:0:0:1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]"
            })
    void thisMachineNeedsPermission(String host) {
        for (String scheme : new String[] {"https://", "http://"}) {
            assertThatThrownBy(() -> strict.check(scheme + host + ":8080/x"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("unless ALLOW_PRIVATE_UPSTREAMS is true");
            assertThat(lenient.check(scheme + host + ":8080/x")).hasPath("/x").hasPort(8080);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "[::ffff:169.254.169.254]",
                "[::ffff:a9fe:a9fe]",
                "[::169.254.169.254]",
                "[64:ff9b::a9fe:a9fe]",
                "[2002:a9fe:a9fe::1]",
                "[fd00:ec2::254]",
                "[fd00:0ec2:0:0:0:0:0:0254]",
                "[fe80::1]",
                "[febf::1]",
                "[ff02::1]",
                "100.100.100.200",
                "192.0.0.192",
                "224.0.0.1",
                "255.255.255.255",
                "metadata.google.internal",
                "Metadata.Google.Internal"
            })
    void aMetadataServiceIsNeverAnUpstream(String host) {
        for (EndpointGuard guard : new EndpointGuard[] {strict, lenient}) {
            assertThatThrownBy(() -> guard.check("https://" + host))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must not be an address that no upstream has");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2130706433",
                "0x7f000001",
                "0x7f.1",
                "0x7f.0.0.1",
                "017700000001",
                "0177.0.0.1",
                "127.1",
                "127.0.0.01",
                "127.0.0.1.",
                "127.0.0.256",
                "1.2.3.4.5",
                "localhost.",
                "example.com.",
                "exa_mple.com",
                "-a.example",
                "[fe80::1%25eth0]",
                "[v1.x]",
                "",
                "bücher.example",
                "１２７.0.0.1",
                "127。0。0。1"
            })
    void anOddHostIsRefused(String host) {
        for (EndpointGuard guard : new EndpointGuard[] {strict, lenient}) {
            assertThatThrownBy(() -> guard.check("https://" + host + "/x"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://api.anthropic.com",
                "http://8.8.8.8",
                "ftp://example.com",
                "file:///etc/passwd",
                "//example.com",
                "example.com",
                "",
                "https:example.com",
                "https://user@example.com",
                "https://user:pass@example.com",
                "https://@example.com",
                "https://example.com?x=1",
                "https://example.com/?",
                "https://example.com#f",
                "https://example.com:0",
                "https://example.com:65536",
                "https://example.com:99999999999",
                "https://example.com/a/../b",
                "https://example.com/..",
                "https://example.com/%2e%2E/b",
                "https://example.com/a%2fb",
                "https://example.com/a b",
                "https://example.com\\@evil.example",
                "https://example.com/\r\nx: y",
                " https://example.com"
            })
    void anythingElseIsRefused(String url) {
        for (EndpointGuard guard : new EndpointGuard[] {strict, lenient}) {
            assertThatThrownBy(() -> guard.check(url))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("must ")
                    .hasMessageNotContaining("pass");
        }
    }

    @Test
    void aUrlOfAnyLengthIsRefusedQuickly() {
        assertThatThrownBy(() -> strict.check("https://example.com/" + "a".repeat(10_000)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        // address, strict, lenient, over http, as a proxy
        "8.8.8.8, true, true, false, true",
        "2001:db8::1, true, true, false, true",
        "10.0.0.1, false, true, false, true",
        "fd12::1, false, true, false, true",
        "0.0.0.0, false, true, false, true",
        "127.0.0.1, false, true, true, true",
        "::1, false, true, true, true",
        "::ffff:127.0.0.1, false, true, true, true",
        "169.254.169.254, false, false, false, false",
        "169.254.0.7, false, false, false, false",
        "fe80::1, false, false, false, false",
        "fd00:ec2::254, false, false, false, false",
        "100.100.100.200, false, false, false, false",
        "64:ff9b::a9fe:a9fe, false, false, false, false",
        "224.0.0.1, false, false, false, false"
    })
    void whatANameStandsForIsJudgedLikeWhatIsWritten(
            String address, boolean strictly, boolean leniently, boolean overHttp, boolean asProxy) throws Exception {
        InetAddress resolved = InetAddress.getByName(address);
        assertThat(strict.mayConnect(resolved, true)).isEqualTo(strictly);
        assertThat(strict.mayConnect(resolved, false)).isFalse();
        assertThat(lenient.mayConnect(resolved, true)).isEqualTo(leniently);
        assertThat(lenient.mayConnect(resolved, false)).isEqualTo(overHttp);
        assertThat(EndpointGuard.mayConnectProxy(resolved)).isEqualTo(asProxy);
    }

    @Test
    void aProxyMayBePrivateButNotAMetadataService() {
        for (String host : new String[] {"proxy.example", "10.0.0.1", "127.0.0.1", "localhost", "[::1]", "8.8.8.8"}) {
            assertThat(EndpointGuard.proxyProblem(host)).isEmpty();
        }
        for (String host :
                new String[] {"169.254.169.254", "[fe80::1]", "metadata.google.internal", "", "a b", "127.1"}) {
            assertThat(EndpointGuard.proxyProblem(host)).isPresent();
        }
    }
}
