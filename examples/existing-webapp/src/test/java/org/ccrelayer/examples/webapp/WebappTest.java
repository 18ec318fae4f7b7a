package org.ccrelayer.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.ccrelayer.Relay;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.servlet.RelayServlet;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The webapp on a free port, over a simulated Claude API. */
class WebappTest {
    private static final String QUESTION = "{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":64,\"stream\":true,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    @TempDir
    Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    private final SimulatedClaude claude = SimulatedClaude.start();
    private Tomcat tomcat;
    private String key;

    @BeforeEach
    void start() throws Exception {
        tomcat = Webapp.start(
                0,
                Path.of("src/main/webapp"),
                folder.resolve("tomcat"),
                Map.of(
                        "webapp.password", "something",
                        "relay.encryption-key", "0f7b1c5e9a3d2864b8e1f0a7c6d5934e",
                        "relay.data-dir", folder.resolve("relay").toString(),
                        "relay.allow-private-upstreams", "true",
                        "relay.max-retry-accounts", "0"));
        Context context = (Context) tomcat.getHost().findChildren()[0];
        Relay relay = (Relay) context.getServletContext().getAttribute(RelayServlet.RELAY_ATTRIBUTE);
        relay.administration()
                .createAccount(NewAccount.apiKey("simulated", claude.uri().toString(), Secret.of("sk-simulated")));
        key = relay.administration().createKey(NewKey.named("test")).secret().reveal();
    }

    @AfterEach
    void stop() throws Exception {
        tomcat.stop();
        tomcat.destroy();
        claude.close();
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://localhost:" + tomcat.getConnector().getLocalPort() + path));
    }

    private HttpResponse<InputStream> ask(String relayKey) throws Exception {
        HttpRequest request = to("/claude/v1/messages")
                .header("x-api-key", relayKey)
                .header("anthropic-version", "2023-06-01")
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(QUESTION))
                .build();
        return client.send(request, BodyHandlers.ofInputStream());
    }

    private static void read(InputStream events, String until) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] bytes = new byte[8_192];
        while (text.indexOf(until) < 0) {
            int count = events.read(bytes);
            if (count < 0) {
                throw new EOFException("a clean end after " + text);
            }
            text.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
        }
    }

    @Test
    void the_relay_streams_with_a_relay_key_and_no_login() throws Exception {
        claude.enqueue(Script.answer().events(5).trickle(Duration.ofMillis(200)));
        HttpResponse<InputStream> answer = ask(key);
        assertThat(answer.statusCode()).isEqualTo(200);
        try (InputStream events = answer.body()) {
            read(events, "content_block_delta");
            assertThat(claude.openStreams()).isEqualTo(1);
            read(events, "message_stop");
            assertThat(events.read()).isNegative();
        }
    }

    @Test
    void an_upstream_that_breaks_inside_an_event_breaks_the_answer() throws Exception {
        claude.enqueue(Script.answer().eventPerWrite().cutMidEvent(4));
        try (InputStream events = ask(key).body()) {
            assertThatThrownBy(() -> read(events, "message_stop"))
                    .isInstanceOf(IOException.class)
                    .hasMessageNotContaining("a clean end");
        }
    }

    @Test
    void the_webapp_s_login_opens_its_own_pages_and_not_the_relay() throws Exception {
        HttpRequest page = to("/").build();
        assertThat(client.send(page, BodyHandlers.discarding()).statusCode()).isEqualTo(403);
        HttpRequest login = to("/login")
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("password=something"))
                .build();
        assertThat(client.send(login, BodyHandlers.discarding()).statusCode()).isEqualTo(204);
        assertThat(client.send(page, BodyHandlers.ofString()).body()).isEqualTo("Hello from the webapp.");

        HttpResponse<InputStream> refusal = ask("cr_of_nobody_at_all");
        assertThat(refusal.statusCode()).isEqualTo(401);
        assertThat(new String(refusal.body().readAllBytes(), StandardCharsets.UTF_8))
                .contains("authentication_error");
        assertThat(claude.requestCount()).isZero();
    }
}
