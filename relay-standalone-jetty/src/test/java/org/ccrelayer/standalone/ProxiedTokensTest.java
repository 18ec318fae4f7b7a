package org.ccrelayer.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.OAuthCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.event.Attempt;
import org.ccrelayer.event.RequestSummary;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RawUpstream;
import org.ccrelayer.testkit.TokenPeer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ConnectHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tokens are obtained on the account's own road, and on no other where that is closed. */
@Timeout(60)
class ProxiedTokensTest {
    private static final EgressProxy.Login LOGIN = new EgressProxy.Login("proxy-user", Secret.of("proxy-canary"));

    private SimulatedClaude upstream;
    private TokenPeer peer;
    private StandaloneRelay relay;

    @BeforeEach
    void start() throws IOException {
        upstream = SimulatedClaude.start();
        peer = TokenPeer.start();
        relay = StandaloneRelay.start(Map.of(ConfigKey.CONNECT_TIMEOUT, "1000"));
    }

    @AfterEach
    void stop() {
        relay.close();
        peer.close();
        upstream.close();
    }

    private Account account(URI tokenUrl, int proxyPort) {
        OAuthCredential credential =
                new OAuthCredential(tokenUrl, "client", Secret.of("pw-canary"), Secret.of(TokenPeer.FIRST), null);
        Account account = relay.account(upstream.uri(), credential);
        relay.relay()
                .administration()
                .changeAccount(
                        account.id(),
                        AccountChange.ofProxy(new EgressProxy.HttpConnect("127.0.0.1", proxyPort, LOGIN)));
        return account;
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** An HTTP proxy that keeps where, and as whom, it was asked to lead. */
    private static final class Proxy extends ConnectHandler implements AutoCloseable {
        private final Server server = new Server();
        private final List<String> tunnels = new CopyOnWriteArrayList<>();
        private final int port;

        Proxy() throws Exception {
            ServerConnector connector = new ServerConnector(server, 1, 1);
            connector.setHost("127.0.0.1");
            server.addConnector(connector);
            server.setHandler(this);
            server.start();
            port = connector.getLocalPort();
        }

        @Override
        protected void handleConnect(Request request, Response response, Callback callback, String address) {
            tunnels.add(address + " " + request.getHeaders().get(HttpHeader.PROXY_AUTHORIZATION));
            super.handleConnect(request, response, callback, address);
        }

        @Override
        public void close() {
            LifeCycle.stop(server);
        }
    }

    @Test
    void theCallForATokenGoesThroughTheProxyWithItsLogin() throws Exception {
        try (Proxy proxy = new Proxy()) {
            account(peer.uri(), proxy.port);
            RawClient.Answer answer = relay.post(StandaloneRelay.message());
            assertThat(answer.head().status()).as(answer.text()).isEqualTo(200);
            String login = " Basic cHJveHktdXNlcjpwcm94eS1jYW5hcnk=";
            assertThat(proxy.tunnels)
                    .containsExactly(
                            "127.0.0.1:" + peer.uri().getPort() + login, "127.0.0.1:" + upstream.port() + login);
        }
        assertThat(peer.calls()).hasSize(1);
    }

    @Test
    void withTheProxyDownNeitherTheUpstreamNorTheTokenEndpointHearsAnything() throws Exception {
        try (RawUpstream endpoint = RawUpstream.answering((head, out) -> {})) {
            Account account = account(endpoint.uri(), closedPort());
            assertThat(relay.post(StandaloneRelay.message()).head().status()).isEqualTo(503);
            RequestSummary summary = relay.listener().await(1);
            assertThat(summary.attempts()).extracting(Attempt::reason).isEmpty();
            assertThat(relay.relay().administration().tokenStatus(account.id()).problem())
                    .isEqualTo("refresh failed: proxy unreachable");
            assertThat(endpoint.connections()).isZero();
            assertThat(upstream.acceptedConnections()).isZero();
        }
    }
}
