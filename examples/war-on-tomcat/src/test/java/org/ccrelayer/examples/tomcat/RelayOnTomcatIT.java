package org.ccrelayer.examples.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccrelayer.simulated.SimulatedClaude;
import org.junit.jupiter.api.Test;

class RelayOnTomcatIT {
    private static final Path TARGET = Path.of("target");
    private static final String PASSWORD = "a-password-for-one-test";

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void a_stream_comes_through_tomcat() throws Exception {
        Path data = Files.createTempDirectory(TARGET.toAbsolutePath(), "relay-data");
        Map<String, String> settings = Map.of(
                "RELAY_DATA_DIR", data.toString(),
                "RELAY_ENCRYPTION_KEY", "an-encryption-key-for-one-test-only",
                "RELAY_ALLOW_PRIVATE_UPSTREAMS", "true",
                "RELAY_ADMIN_ENABLED", "true",
                "RELAY_JWT_SECRET", "a-jwt-secret-for-one-test",
                "RELAY_ADMIN_PASSWORD", PASSWORD);
        try (SimulatedClaude claude = SimulatedClaude.start();
                RelayOnTomcat relay = RelayOnTomcat.start(TARGET, 0, settings)) {
            String token = field(
                    "token",
                    post(relay, "/admin/login", "", "{\"username\":\"admin\",\"password\":\"" + PASSWORD + "\"}"));
            post(
                    relay,
                    "/admin/accounts",
                    "Bearer " + token,
                    "{\"name\":\"simulated\",\"baseUrl\":\"" + claude.uri() + "\",\"apiKey\":\"sk-simulated\"}");
            String key = field("key", post(relay, "/admin/keys", "Bearer " + token, "{\"name\":\"me\"}"));
            String answer = post(
                    relay,
                    "/v1/messages",
                    "Bearer " + key,
                    "{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":64,\"stream\":true,"
                            + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}");
            assertThat(answer).contains("event: message_start").contains("event: message_stop");
        }
    }

    private String post(RelayOnTomcat relay, String path, String authorization, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(relay.url() + path))
                .header("content-type", "application/json")
                .header("anthropic-version", "2023-06-01")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!authorization.isEmpty()) {
            request.header("authorization", authorization);
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
        return answer.body();
    }

    private static String field(String name, String json) {
        Matcher value = Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(json);
        assertThat(value.find()).as(json).isTrue();
        return value.group(1);
    }
}
