package org.ccrelayer.internal.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.account.TlsPolicy.KeyMaterial;
import org.ccrelayer.internal.outbound.Road;
import org.ccrelayer.testkit.Wait;
import org.eclipse.jetty.http.HttpHeader;
import org.junit.jupiter.api.Test;

/** Requests through real proxies: who goes which way, as whom, and how many connections that takes. */
class ProxiedRoadsTest {
    private static final Map<String, String> USERS = users("user-1", "user-2", "user-3", "user-4");

    private static Map<String, String> users(String... names) {
        Map<String, String> users = new LinkedHashMap<>();
        for (String name : names) {
            users.put(name, Sender.password(name));
        }
        return users;
    }

    @Test
    void aThousandRequestsThroughAConnectProxyUseOneConnection() throws Exception {
        try (Upstream upstream = Upstream.plain();
                ConnectPeer proxy = new ConnectPeer(USERS);
                Sender sender = new Sender()) {
            Road road = Sender.road("a", Sender.http(proxy.port(), "user-1"));
            for (int request = 0; request < 1_000; request++) {
                assertThat(sender.send(upstream.uri(), road).body()).isEqualTo("hello");
            }
            assertThat(upstream.connections()).isEqualTo(1);
            assertThat(proxy.tunnels()).containsExactly("user-1 127.0.0.1:" + upstream.port());
            assertThat(upstream.requests()).hasSize(1_000).noneMatch(h -> h.contains(HttpHeader.PROXY_AUTHORIZATION));
            assertThat(sender.pool("a").open()).isEqualTo(1);
        }
    }

    @Test
    void aThousandRequestsThroughASocksProxyUseOneConnection() throws Exception {
        try (Upstream upstream = Upstream.plain();
                SocksPeer proxy = new SocksPeer(USERS);
                Sender sender = new Sender()) {
            Road road = Sender.road("a", Sender.socks(proxy.port(), "user-2"));
            for (int request = 0; request < 1_000; request++) {
                assertThat(sender.send(upstream.uri(), road).body()).isEqualTo("hello");
            }
            assertThat(upstream.connections()).isEqualTo(1);
            assertThat(proxy.users()).containsExactly("user-2");
        }
    }

    @Test
    void fourAccountsBehindOneConnectProxyNeverMix() throws Exception {
        try (Upstream upstream = Upstream.plain();
                ConnectPeer proxy = new ConnectPeer(USERS);
                Sender sender = new Sender()) {
            List<CompletableFuture<Sender.Result>> running = new ArrayList<>();
            for (int round = 0; round < 50; round++) {
                for (int user = 1; user <= 4; user++) {
                    Road road = Sender.road("account-" + user, Sender.http(proxy.port(), "user-" + user));
                    running.add(sender.begin(upstream.uri(), road));
                }
            }
            assertThat(running)
                    .allSatisfy(
                            result -> assertThat(Sender.await(result).status()).isEqualTo(200));
            for (int user = 1; user <= 4; user++) {
                String account = "account-" + user;
                String line = "user-" + user + " 127.0.0.1:" + upstream.port();
                Wait.until(
                        "every connection of " + account + " to be its own user's",
                        () -> sender.pool(account).open()
                                == proxy.tunnels().stream().filter(line::equals).count());
            }
            assertThat(proxy.tunnels()).noneMatch(line -> line.startsWith(" "));
        }
    }

    @Test
    void fourAccountsBehindOneSocksProxyNeverMix() throws Exception {
        try (Upstream upstream = Upstream.plain();
                SocksPeer proxy = new SocksPeer(USERS);
                Sender sender = new Sender()) {
            for (int round = 0; round < 10; round++) {
                for (int user = 1; user <= 4; user++) {
                    Road road = Sender.road("account-" + user, Sender.socks(proxy.port(), "user-" + user));
                    assertThat(sender.send(upstream.uri(), road).status()).isEqualTo(200);
                }
            }
            assertThat(proxy.users()).containsExactly("user-1", "user-2", "user-3", "user-4");
            assertThat(upstream.connections()).isEqualTo(4);
        }
    }

    @Test
    void anAccountWithoutALoginDoesNotBorrowAnothersLogin() throws Exception {
        try (Upstream upstream = Upstream.plain();
                ConnectPeer proxy = new ConnectPeer(USERS);
                Sender sender = new Sender()) {
            assertThat(sender.send(upstream.uri(), Sender.road("a", Sender.http(proxy.port(), "user-1")))
                            .status())
                    .isEqualTo(200);
            Road nobody = Sender.road("b", Sender.http(proxy.port(), null));
            assertThat(sender.send(upstream.uri(), nobody).kind()).isEqualTo(UpstreamFailure.Kind.PROXY_LOGIN_REFUSED);
            EgressProxy wrong = new EgressProxy.HttpConnect(
                    "127.0.0.1", proxy.port(), new EgressProxy.Login("user-1", Secret.of("guess")));
            assertThat(sender.send(upstream.uri(), Sender.road("a", wrong)).kind())
                    .isEqualTo(UpstreamFailure.Kind.PROXY_LOGIN_REFUSED);
        }
    }

    @Test
    void anotherProxyTakesTheNextRequestWhileAnAnswerEndsOnTheOldRoad() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (ScriptedPeer upstream = new ScriptedPeer((in, out) -> {
                    in.read(new byte[4_096]);
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na".getBytes());
                    out.flush();
                    await(end);
                    out.write('b');
                });
                ConnectPeer before = new ConnectPeer(Map.of());
                ConnectPeer after = new ConnectPeer(Map.of());
                Sender sender = new Sender()) {
            URI uri = URI.create("http://127.0.0.1:" + upstream.port());
            CompletableFuture<Sender.Result> running =
                    sender.begin(uri, Sender.road("a", Sender.http(before.port(), null)));
            Wait.until("the first request to arrive", () -> upstream.connections() == 1);
            CompletableFuture<Sender.Result> next =
                    sender.begin(uri, Sender.road("a", Sender.http(after.port(), null)));
            Wait.until("the second request to arrive", () -> upstream.connections() == 2);
            assertThat(before.tunnels()).hasSize(1);
            assertThat(after.tunnels()).hasSize(1);
            assertThat(sender.pool("a").open()).isEqualTo(2);
            end.countDown();
            assertThat(Sender.await(running).body()).isEqualTo("ab");
            assertThat(Sender.await(next).body()).isEqualTo("ab");
        }
    }

    @Test
    void theProxyLooksUpTheNameAndTlsIsEndToEnd() throws Exception {
        TestAuthority authority = TestAuthority.create();
        TlsPolicy policy = new TlsPolicy(
                List.of(),
                List.of(),
                List.of(),
                new KeyMaterial.Pem(Secret.of(authority.pem())),
                java.util.Set.of(),
                null,
                TlsPolicy.Provider.JDK);
        String host = "known-to-the-proxy.invalid";
        try (Upstream upstream = Upstream.secured(authority.identity(host), tls -> {});
                ConnectPeer proxy = new ConnectPeer(Map.of());
                ScriptedPeer socks = new ScriptedPeer((in, out) -> SocksScript.tunnel(in, out, upstream.address()));
                Sender sender = new Sender()) {
            proxy.knows(host, upstream.port(), upstream.address());
            for (EgressProxy way : List.of(Sender.http(proxy.port(), null), Sender.socks(socks.port(), null))) {
                Sender.Result result = sender.send(upstream.secureUri(host), new Road("a", way, policy));
                assertThat(result.failure()).isNull();
                assertThat(result.body()).isEqualTo("hello");
            }
            assertThat(proxy.tunnels()).containsExactly(" " + host + ":" + upstream.port());
        }
    }

    @Test
    void roadsThatAreNotUsedAnyMoreAreForgotten() throws Exception {
        UpstreamClient.Terms terms = new UpstreamClient.Terms(
                Sender.CONNECT_TIMEOUT,
                java.time.Duration.ofMillis(200),
                10,
                new org.ccrelayer.internal.network.EndpointGuard(true),
                TlsPolicy.DEFAULT);
        try (Upstream upstream = Upstream.plain();
                ConnectPeer proxy = new ConnectPeer(USERS);
                Sender sender = new Sender(terms)) {
            IntStream.rangeClosed(1, 4)
                    .forEach(user ->
                            sender.send(upstream.uri(), Sender.road("a", Sender.http(proxy.port(), "user-" + user))));
            Wait.until("idle connections to be closed", () -> sender.pool("a").open() == 0);
            Wait.until(
                    "idle roads to be forgotten", () -> sender.client().pools().isEmpty());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
