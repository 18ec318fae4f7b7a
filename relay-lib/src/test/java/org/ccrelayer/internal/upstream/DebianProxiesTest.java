package org.ccrelayer.internal.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.EgressProxy.Login;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.internal.outbound.Road;
import org.ccrelayer.internal.upstream.UpstreamFailure.Kind;
import org.ccrelayer.testkit.Wait;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Through the proxies that people run: Debian's microsocks, tinyproxy and squid, which must be installed. */
@Tag("full")
class DebianProxiesTest {
    private static final int REQUESTS = 1_000;
    private static final String NAME = "localhost";

    @TempDir
    private Path folder;

    private Upstream upstream;
    private TlsPolicy policy;
    private Process daemon;
    private int port;

    @BeforeEach
    void start() throws Exception {
        TestAuthority authority = TestAuthority.create();
        upstream = Upstream.secured(authority.identity(NAME), tls -> {});
        policy = new TlsPolicy(
                List.of(),
                List.of(),
                List.of(),
                new TlsPolicy.KeyMaterial.Pem(Secret.of(authority.pem())),
                Set.of(),
                null,
                TlsPolicy.Provider.JDK);
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        upstream.close();
        daemon.descendants().forEach(ProcessHandle::destroy);
        daemon.destroy();
        assertThat(daemon.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    private void run(String... command) throws IOException {
        daemon = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("daemon.log").toFile())
                .start();
        Wait.until(command[0] + " to listen", this::listens);
    }

    private boolean listens() {
        if (!daemon.isAlive()) {
            throw new AssertionError("the proxy ended, see " + folder.resolve("daemon.log"));
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private Path file(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    }

    private EgressProxy http(String password) {
        return new EgressProxy.HttpConnect("127.0.0.1", port, new Login("user", Secret.of(password)));
    }

    /** Goes there and back, and is refused with another password. */
    private void goThrough(EgressProxy right, EgressProxy wrong) throws Exception {
        try (Sender sender = new Sender()) {
            for (int request = 0; request < REQUESTS; request++) {
                Sender.Result result = sender.send(upstream.secureUri(NAME), new Road("a", right, policy));
                assertThat(result.failure()).isNull();
                assertThat(result.body()).isEqualTo("hello");
            }
            assertThat(upstream.connections()).isEqualTo(1);
            Sender.Result refused = sender.send(upstream.secureUri(NAME), new Road("b", wrong, policy));
            assertThat(refused.kind()).isEqualTo(Kind.PROXY_LOGIN_REFUSED);
            Sender.Result nobody =
                    sender.send(java.net.URI.create("https://nobody.invalid"), new Road("a", right, policy));
            assertThat(nobody.kind()).isEqualTo(Kind.PROXY_REFUSED);
            assertThat(upstream.connections()).isEqualTo(1);
        }
    }

    @Test
    void microsocks() throws Exception {
        run("microsocks", "-i", "127.0.0.1", "-p", String.valueOf(port), "-u", "user", "-P", "right");
        EgressProxy right = new EgressProxy.Socks5("127.0.0.1", port, new Login("user", Secret.of("right")));
        EgressProxy wrong = new EgressProxy.Socks5("127.0.0.1", port, new Login("user", Secret.of("wrong")));
        goThrough(right, wrong);
    }

    @Test
    void tinyproxy() throws Exception {
        Path settings = file(
                "tinyproxy.conf",
                "Port " + port,
                "Listen 127.0.0.1",
                "Timeout 60",
                "LogLevel Info",
                "MaxClients 20",
                "BasicAuth user right",
                "ConnectPort " + upstream.port(),
                "ConnectPort 443");
        run("tinyproxy", "-d", "-c", settings.toString());
        goThrough(http("right"), http("wrong"));
    }

    @Test
    void squid() throws Exception {
        Path checker = file(
                "checker.sh",
                "#!/bin/sh",
                "while read -r user password; do",
                "  if [ \"$user $password\" = 'user right' ]; then echo OK; else echo ERR; fi",
                "done");
        assertThat(checker.toFile().setExecutable(true, false)).isTrue();
        assertThat(folder.toFile().setExecutable(true, false)).isTrue();
        assertThat(folder.toFile().setReadable(true, false)).isTrue();
        Path settings = file(
                "squid.conf",
                "http_port 127.0.0.1:" + port,
                "auth_param basic program " + checker,
                "auth_param basic children 1",
                "acl known proxy_auth REQUIRED",
                "http_access allow known",
                "http_access deny all",
                "cache deny all",
                "access_log none",
                "cache_log /dev/null",
                "pid_filename none",
                "shutdown_lifetime 0 seconds");
        run("squid", "-N", "-f", settings.toString());
        goThrough(http("right"), http("wrong"));
    }
}
