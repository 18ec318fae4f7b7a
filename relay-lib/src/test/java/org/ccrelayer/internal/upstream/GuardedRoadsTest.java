package org.ccrelayer.internal.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.internal.network.EndpointGuard;
import org.ccrelayer.internal.upstream.UpstreamFailure.Kind;
import org.junit.jupiter.api.Test;

/** What the names of upstreams and proxies stand for is judged when they are connected to. */
class GuardedRoadsTest {
    @Test
    void aNameThatStandsForThisMachineIsNotConnectedTo() throws Exception {
        try (Upstream upstream = Upstream.plain();
                Sender sender = new Sender(new EndpointGuard(false), TlsPolicy.DEFAULT)) {
            for (String scheme : new String[] {"http", "https"}) {
                Sender.Result result = sender.send(
                        URI.create(scheme + "://localhost:" + upstream.port()), Sender.road("a", EgressProxy.DIRECT));
                assertThat(result.kind()).isEqualTo(Kind.ADDRESS_REFUSED);
                assertThat(result.failure().sent()).isFalse();
            }
            assertThat(upstream.connections()).isZero();
        }
    }

    @Test
    void anAddressThatIsNotAllowedIsNotConnectedTo() throws Exception {
        try (Sender sender = new Sender()) {
            for (String uri : new String[] {"http://169.254.7.7", "https://[fe80::1]", "http://198.18.0.1"}) {
                Sender.Result result = sender.send(URI.create(uri), Sender.road("a", EgressProxy.DIRECT));
                assertThat(result.kind()).isEqualTo(Kind.ADDRESS_REFUSED);
            }
            EgressProxy linkLocal = new EgressProxy.Socks5("169.254.7.7", 1080, null);
            assertThat(sender.send(URI.create("https://api.example"), Sender.road("a", linkLocal))
                            .kind())
                    .isEqualTo(Kind.ADDRESS_REFUSED);
        }
    }

    @Test
    void aNameThatNobodyKnowsIsAFailedConnection() throws Exception {
        try (Sender sender = new Sender()) {
            Sender.Result direct =
                    sender.send(URI.create("https://nobody.invalid"), Sender.road("a", EgressProxy.DIRECT));
            assertThat(direct.kind()).isEqualTo(Kind.UNREACHABLE);
            EgressProxy proxy = new EgressProxy.HttpConnect("nobody.invalid", 3128, null);
            assertThat(sender.send(URI.create("https://api.example"), Sender.road("a", proxy))
                            .kind())
                    .isEqualTo(Kind.PROXY_UNREACHABLE);
        }
    }

    @Test
    void aProxyIsNotAskedToLeadWhereNoUpstreamMayBe() throws Exception {
        try (ConnectPeer proxy = new ConnectPeer(Map.of());
                Sender sender = new Sender(new EndpointGuard(false), TlsPolicy.DEFAULT)) {
            for (String host : new String[] {"127.0.0.1", "localhost", "10.0.0.1", "[::1]", "169.254.169.254"}) {
                Sender.Result result =
                        sender.send(URI.create("https://" + host), Sender.road("a", Sender.http(proxy.port(), null)));
                assertThat(result.kind()).as(host).isEqualTo(Kind.ADDRESS_REFUSED);
            }
            assertThat(proxy.tunnels()).isEmpty();
        }
    }
}
