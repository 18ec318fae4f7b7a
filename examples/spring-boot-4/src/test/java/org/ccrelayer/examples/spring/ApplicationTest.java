package org.ccrelayer.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.ccrelayer.Relay;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.NewKey;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The application on a free port, over a simulated Claude API; on virtual threads where Java has them. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "relay.encryption-key=0f7b1c5e9a3d2864b8e1f0a7c6d5934e",
            "relay.allow-private-upstreams=true",
            "relay.max-retry-accounts=0",
            "spring.threads.virtual.enabled=true"
        })
@DirtiesContext
class ApplicationTest {
    private static final String QUESTION = "{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":64,\"stream\":true,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

    @TempDir
    static Path data;

    private final HttpClient client = HttpClient.newHttpClient();
    private final SimulatedClaude claude = SimulatedClaude.start();

    @Autowired
    private Relay relay;

    @Value("${local.server.port}")
    private int port;

    private String account;
    private String key;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        registry.add("relay.data-dir", data::toString);
    }

    @BeforeEach
    void register() {
        account = relay.administration()
                .createAccount(NewAccount.apiKey("simulated", claude.uri().toString(), Secret.of("sk-simulated")))
                .id();
        key = relay.administration().createKey(NewKey.named("test")).secret().reveal();
    }

    @AfterEach
    void end() {
        relay.administration().deleteAccount(account);
        claude.close();
    }

    private HttpResponse<InputStream> ask(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("x-api-key", key)
                .header("anthropic-version", "2023-06-01")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(QUESTION))
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
    void each_event_arrives_while_the_next_is_not_yet_sent() throws Exception {
        claude.enqueue(Script.answer().events(5).trickle(Duration.ofMillis(200)));
        HttpResponse<InputStream> answer = ask("/claude/v1/messages");
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
        try (InputStream events = ask("/claude/v1/messages").body()) {
            assertThatThrownBy(() -> read(events, "message_stop"))
                    .isInstanceOf(IOException.class)
                    .hasMessageNotContaining("a clean end");
        }
    }

    @Test
    void the_application_goes_on_serving_its_own_pages() throws Exception {
        HttpRequest hello = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/hello"))
                .build();
        assertThat(client.send(hello, BodyHandlers.ofString()).body()).isEqualTo("Hello from the application.");
        assertThat(ask("/v1/messages").statusCode()).isEqualTo(404);
        assertThat(claude.requestCount()).isZero();
    }
}
