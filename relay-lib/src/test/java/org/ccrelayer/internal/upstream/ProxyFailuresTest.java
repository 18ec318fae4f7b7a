package org.ccrelayer.internal.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.internal.upstream.UpstreamFailure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Proxies that refuse, hang or die: each failure has its own name, and nothing ever goes to the upstream directly. */
class ProxyFailuresTest {
    private static final URI UPSTREAM_NAME = URI.create("http://localhost");

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void everyFailureHasItsNameAndNothingGoesToTheUpstreamDirectly(
            String what, boolean socks, String user, ScriptedPeer.Script script, Kind kind) throws Exception {
        try (Upstream upstream = Upstream.plain();
                ScriptedPeer peer = new ScriptedPeer(script);
                Sender sender = new Sender()) {
            EgressProxy proxy = socks ? Sender.socks(peer.port(), user) : Sender.http(peer.port(), user);
            URI uri = URI.create(UPSTREAM_NAME + ":" + upstream.port());
            long begin = System.nanoTime();
            Sender.Result result = sender.send(uri, Sender.road("a", proxy));
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            assertThat(result.kind()).isEqualTo(kind);
            assertThat(result.failure().sent()).isFalse();
            assertThat(took).isLessThan(Sender.CONNECT_TIMEOUT.plusSeconds(2));
            assertThat(peer.connections()).isEqualTo(1);
            assertThat(upstream.connections()).isZero();
            assertThat(chain(result.failure().cause())).noneMatch(text -> text.contains("password of"));
            assertThat(sender.pool("a").inUse()).isZero();
        }
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                http("says 403", "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", Kind.PROXY_REFUSED),
                http("says 401", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", Kind.PROXY_LOGIN_REFUSED),
                http("says 502", "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\nno", Kind.PROXY_REFUSED),
                http("redirects", "HTTP/1.1 302 Found\r\nLocation: http://x/\r\n\r\n", Kind.PROXY_REFUSED),
                http(
                        "says 407",
                        "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n",
                        Kind.PROXY_LOGIN_REFUSED),
                http("says something else", "220 mail.example ESMTP\r\n", Kind.PROXY_BROKEN),
                http("dies within its answer", "HTTP/1.1 200 OK\r\nX-Be", Kind.PROXY_BROKEN),
                http("dies at once", "", Kind.PROXY_BROKEN),
                Arguments.of("http: hangs", false, "u", silent(), Kind.PROXY_TIMED_OUT),
                Arguments.of(
                        "http: dribbles",
                        false,
                        "u",
                        (ScriptedPeer.Script) ProxyFailuresTest::dribble,
                        Kind.PROXY_TIMED_OUT),
                Arguments.of("socks: hangs", true, "u", silent(), Kind.PROXY_TIMED_OUT),
                socks(
                        "wants another method",
                        "u",
                        (in, out) -> SocksScript.greet(in, out, 255),
                        Kind.PROXY_LOGIN_REFUSED),
                socks("wants a login", null, (in, out) -> SocksScript.greet(in, out, 255), Kind.PROXY_LOGIN_REFUSED),
                socks(
                        "does not want the login",
                        "u",
                        (in, out) -> SocksScript.greet(in, out, 0),
                        Kind.PROXY_LOGIN_REFUSED),
                socks(
                        "refuses the user",
                        "u",
                        (in, out) -> {
                            SocksScript.greet(in, out, 2);
                            SocksScript.login(in, out, 1);
                        },
                        Kind.PROXY_LOGIN_REFUSED),
                socks("refuses to connect", null, (in, out) -> refuse(in, out, 2), Kind.PROXY_REFUSED),
                socks("finds nobody", null, (in, out) -> refuse(in, out, 5), Kind.PROXY_REFUSED),
                socks("dies when greeted", null, (in, out) -> SocksScript.read(in, 3), Kind.PROXY_BROKEN),
                socks(
                        "dies before its reply",
                        null,
                        (in, out) -> {
                            SocksScript.greet(in, out, 0);
                            SocksScript.connect(in);
                        },
                        Kind.PROXY_BROKEN),
                socks(
                        "hangs before its reply",
                        null,
                        (in, out) -> {
                            SocksScript.greet(in, out, 0);
                            SocksScript.connect(in);
                            silent().play(in, out);
                        },
                        Kind.PROXY_TIMED_OUT));
    }

    private static Arguments http(String what, String answer, Kind kind) {
        ScriptedPeer.Script script = (in, out) -> {
            readHead(in);
            out.write(answer.getBytes());
        };
        return Arguments.of("http: " + what, false, "u", script, kind);
    }

    private static Arguments socks(String what, String user, ScriptedPeer.Script script, Kind kind) {
        return Arguments.of("socks: " + what, true, user, script, kind);
    }

    private static ScriptedPeer.Script silent() {
        return (in, out) -> in.transferTo(java.io.OutputStream.nullOutputStream());
    }

    private static void refuse(java.io.InputStream in, java.io.OutputStream out, int status) throws IOException {
        SocksScript.greet(in, out, 0);
        SocksScript.connect(in);
        SocksScript.reply(out, status);
    }

    /** Never silent for long, and never done. */
    private static void dribble(java.io.InputStream in, java.io.OutputStream out) throws IOException {
        out.write("HTTP/1.1 200 OK\r\nX-Long: ".getBytes());
        while (true) {
            out.write('x');
            out.flush();
            java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
        }
    }

    private static void readHead(java.io.InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int read = in.read();
            if (read < 0) {
                throw new IOException("no head");
            }
            head.append((char) read);
        }
    }

    @Test
    void aProxyThatIsDownIsNotGoneAround() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        try (Upstream upstream = Upstream.plain();
                Sender sender = new Sender()) {
            for (EgressProxy proxy : List.of(Sender.http(closed, "u"), Sender.socks(closed, "u"))) {
                for (int request = 0; request < 20; request++) {
                    Sender.Result result = sender.send(upstream.uri(), Sender.road("a", proxy));
                    assertThat(result.kind()).isEqualTo(Kind.PROXY_UNREACHABLE);
                    assertThat(result.failure().sent()).isFalse();
                }
            }
            assertThat(upstream.connections()).isZero();
        }
    }

    @Test
    void anInterimAnswerOfTheProxyIsNotItsAnswer() throws Exception {
        try (Upstream upstream = Upstream.plain();
                ScriptedPeer peer = new ScriptedPeer((in, out) -> {
                    readHead(in);
                    out.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 Connected\r\nVia: x\r\n\r\n".getBytes());
                    readHead(in);
                    out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi".getBytes());
                });
                Sender sender = new Sender()) {
            Sender.Result result = sender.send(upstream.uri(), Sender.road("a", Sender.http(peer.port(), null)));
            assertThat(result.body()).isEqualTo("hi");
        }
    }

    private static List<String> chain(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .map(String::valueOf)
                .toList();
    }
}
