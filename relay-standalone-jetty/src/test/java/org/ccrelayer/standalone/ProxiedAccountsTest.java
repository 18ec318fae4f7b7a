package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Map;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.event.Attempt;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RawUpstream;
import org.ccrelayer.usage.UsageRecord.State;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ConnectHandler;
import org.eclipse.jetty.util.component.LifeCycle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A proxy that does not lead to the upstream is a failed attempt of its own kind, and never the upstream's answer. */
class ProxiedAccountsTest {
    private static final EgressProxy.Login LOGIN = new EgressProxy.Login("proxy-user", Secret.of("proxy-canary"));

    private SimulatedClaude upstream;
    private StandaloneRelay relay;

    @BeforeEach
    void start() {
        upstream = SimulatedClaude.start();
        relay = StandaloneRelay.start(Map.of(ConfigKey.CONNECT_TIMEOUT, "1000"));
    }

    @AfterEach
    void stop() {
        relay.close();
        upstream.close();
    }

    private Account account(EgressProxy proxy) {
        Account account = relay.account(upstream.uri());
        relay.relay().administration().changeAccount(account.id(), AccountChange.ofProxy(proxy));
        return account;
    }

    private static EgressProxy http(int port) {
        return new EgressProxy.HttpConnect("127.0.0.1", port, LOGIN);
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Attempt onlyAttempt() {
        RequestSummary summary = relay.listener().await(1);
        assertThat(summary.attempts()).hasSize(1);
        return summary.attempts().get(0);
    }

    @Test
    void aProxyThatIsDownIsA502AndTheUpstreamHearsNothing() throws IOException {
        Account account = account(http(closedPort()));
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(answer.head().status()).isEqualTo(502);
        assertThat(answer.text()).contains("The proxy to the upstream failed.").doesNotContain("proxy-");
        assertThat(onlyAttempt().outcome()).isEqualTo(Outcome.PROXY_FAILED);
        assertThat(onlyAttempt().reason()).isEqualTo("proxy unreachable");
        assertThat(onlyAttempt().row().state()).isEqualTo(State.VOID);
        assertThat(relay.relay().administration().accountStatus(account.id()).reason())
                .isEqualTo("proxy failed");
        assertThat(upstream.acceptedConnections()).isZero();
    }

    @Test
    void aRefusalOfTheProxyIsNotTheUpstreamsAndLeavesTheCredentialAlone() throws IOException {
        for (int status : new int[] {401, 403, 407, 429, 500}) {
            try (RawUpstream proxy = RawUpstream.answering((head, out) ->
                            out.write(RawUpstream.bytes("HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n")));
                    StandaloneRelay own = StandaloneRelay.start()) {
                Account account = own.account(upstream.uri());
                EgressProxy way = http(proxy.uri().getPort());
                own.relay().administration().changeAccount(account.id(), AccountChange.ofProxy(way));
                assertThat(own.post(StandaloneRelay.message()).head().status()).isEqualTo(502);
                Attempt attempt = own.listener().await(1).attempts().get(0);
                assertThat(attempt.status()).isEmpty();
                assertThat(attempt.reason())
                        .isEqualTo(status == 401 || status == 407 ? "proxy refused its user" : "proxy refused");
                assertThat(own.relay()
                                .administration()
                                .accountStatus(account.id())
                                .state())
                        .isEqualTo("cooling");
            }
        }
        assertThat(upstream.acceptedConnections()).isZero();
    }

    @Test
    void anotherAccountServesWhatAProxyFailed() throws IOException {
        account(http(closedPort()));
        relay.account(upstream.uri());
        assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(200);
        RequestSummary summary = relay.listener().await(1);
        assertThat(summary.attempts()).extracting(Attempt::reason).first().isEqualTo("proxy unreachable");
        assertThat(upstream.received())
                .singleElement()
                .satisfies(request -> assertThat(request.toString()).contains(StandaloneRelay.ACCOUNT_KEY + "2"));
    }

    @Test
    void anotherProxyIsUsedFromTheNextRequestOn() throws Exception {
        Server proxy = new Server();
        ServerConnector connector = new ServerConnector(proxy, 1, 1);
        connector.setHost("127.0.0.1");
        proxy.addConnector(connector);
        proxy.setHandler(new ConnectHandler());
        proxy.start();
        try {
            Account account = account(http(closedPort()));
            assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(502);
            relay.relay()
                    .administration()
                    .changeAccount(account.id(), AccountChange.ofProxy(http(connector.getLocalPort())));
            assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(200);
            assertThat(relay.post(StandaloneRelay.stream()).head().status()).isEqualTo(200);
            assertThat(upstream.acceptedConnections()).isEqualTo(1);
            assertThat(relay.relay().administration().connections(account.id()).open())
                    .isEqualTo(1);
        } finally {
            LifeCycle.stop(proxy);
        }
    }

    @Test
    void anUpstreamThatCannotBeSecuredIsA502OfItsOwn() throws IOException {
        Account account = relay.account(upstream.uri());
        relay.relay()
                .administration()
                .changeAccount(
                        account.id(),
                        new AccountChange(
                                null,
                                "https://127.0.0.1:" + upstream.port(),
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                old -> TlsPolicy.DEFAULT));
        RawClient.Answer answer = relay.post(StandaloneRelay.message());
        assertThat(answer.head().status()).isEqualTo(502);
        assertThat(onlyAttempt().outcome()).isEqualTo(Outcome.TLS_FAILED);
        assertThat(onlyAttempt().reason()).isEqualTo("TLS handshake failed");
        assertThat(onlyAttempt().row().state()).isEqualTo(State.VOID);
    }
}
