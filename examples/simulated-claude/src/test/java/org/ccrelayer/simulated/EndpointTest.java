package org.ccrelayer.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    private static final List<String> KINDS = List.of("requests", "tokens", "input-tokens", "output-tokens");

    private final SimulatedClaude claude = SimulatedClaude.start();
    private final Client client = new Client(claude);

    @AfterEach
    void stop() {
        claude.close();
    }

    @ParameterizedTest
    @CsvSource({
        "400,invalid_request_error",
        "401,authentication_error",
        "403,permission_error",
        "404,not_found_error",
        "413,request_too_large",
        "429,rate_limit_error",
        "500,api_error",
        "503,api_error",
        "529,overloaded_error"
    })
    void answersWithTheErrorOfAStatus(int status, String type) throws Exception {
        claude.enqueue(Script.error(status));

        HttpResponse<String> response = client.post(Client.STREAM_BODY);

        String id = response.headers().firstValue("request-id").orElseThrow();
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(response.body())
                .matches("\\{\"type\":\"error\",\"error\":\\{\"type\":\"" + type
                        + "\",\"message\":\"[^\"]+\"},\"request_id\":\"" + id + "\"}");
    }

    @Test
    void announcesWhenARateLimitEnds() throws Exception {
        claude.enqueue(Script.rateLimited(Duration.ofMillis(89_500)));

        HttpResponse<String> response = client.post(Client.JSON_BODY);

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("retry-after")).hasValue("90");
        assertThat(response.headers().firstValue("anthropic-ratelimit-requests-remaining"))
                .hasValue("0");
        Instant reset = Instant.parse(response.headers()
                .firstValue("anthropic-ratelimit-requests-reset")
                .orElseThrow());
        assertThat(reset).isBetween(Instant.now().plusSeconds(75), Instant.now().plusSeconds(90));
    }

    @Test
    void limitsWithoutSayingForHowLong() throws Exception {
        claude.enqueue(Script.rateLimited(null));

        HttpResponse<String> response = client.post(Client.JSON_BODY);

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().map().keySet())
                .doesNotContain("retry-after")
                .noneMatch(name -> name.endsWith("-reset"));
    }

    @Test
    void listsModelsPageByPage() throws Exception {
        assertThat(client.get("/v1/models?limit=1000").body()).contains("\"has_more\":false");

        assertThat(client.get("/v1/models?limit=2").body())
                .matches("\\{\"data\":\\[\\{\"type\":\"model\",\"id\":\"claude-fable-5-2\","
                        + "\"display_name\":\"Claude Fable 5.2\",\"created_at\":\"[-0-9T:Z]+\"},\\{[^{]+}],"
                        + "\"has_more\":true,\"first_id\":\"claude-fable-5-2\",\"last_id\":\"claude-opus-5-5\"}");
        assertThat(client.get("/v1/models?limit=1&after_id=claude-opus-5-5").body())
                .contains("\"first_id\":\"claude-sonnet-5-5\",\"last_id\":\"claude-sonnet-5-5\"");
        assertThat(client.get("/v1/models?after_id=claude-haiku-4-5-20251001").body())
                .isEqualTo("{\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=x", "after_id=claude-unknown"})
    void refusesUnusablePages(String query) throws Exception {
        assertThat(client.get("/v1/models?" + query).statusCode()).isEqualTo(400);
    }

    @Test
    void showsOneModel() throws Exception {
        assertThat(client.get("/v1/models/claude-opus-5").body())
                .startsWith("{\"type\":\"model\",\"id\":\"claude-opus-5\"");
        assertThat(client.get("/v1/models/claude-unknown").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api/hello"})
    void answersProbesWithoutCredential(String path) throws Exception {
        HttpResponse<String> response = client.send(client.bare(path).method("HEAD", BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("request-id")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/messages", "/v1/message", "/", "/v1/messages/"})
    void knowsNoOtherEndpoint(String path) throws Exception {
        HttpResponse<String> response = client.get(path);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).contains("\"type\":\"not_found_error\"");
    }

    @Test
    void sendsTheHeadersOfTheApiWithEveryAnswer() throws Exception {
        claude.enqueue(Script.answer()).enqueue(Script.error(529));
        List<HttpResponse<String>> responses = List.of(
                client.post(Client.STREAM_BODY),
                client.post(Client.JSON_BODY),
                client.get("/v1/models"),
                client.get("/nowhere"));

        assertThat(responses).allSatisfy(response -> {
            assertThat(response.headers().firstValue("anthropic-organization-id"))
                    .isPresent();
            assertThat(response.headers().allValues("set-cookie")).hasSize(1);
            for (String kind : KINDS) {
                String prefix = "anthropic-ratelimit-" + kind;
                assertThat(response.headers().firstValueAsLong(prefix + "-limit"))
                        .isPresent();
                assertThat(response.headers().firstValueAsLong(prefix + "-remaining"))
                        .isPresent();
                assertThat(Instant.parse(
                                response.headers().firstValue(prefix + "-reset").orElseThrow()))
                        .isAfter(Instant.now());
            }
        });
        assertThat(responses)
                .extracting(
                        response -> response.headers().firstValue("request-id").orElseThrow())
                .doesNotHaveDuplicates()
                .allMatch(id -> id.startsWith("req_"));
    }

    @Test
    void replacesAddsAndRemovesHeaders() throws Exception {
        claude.enqueue(Script.answer()
                .withHeader("Request-Id", "req_mine")
                .withHeader("x-two", "1")
                .withHeader("x-two", "2")
                .withHeader("set-cookie", null));

        HttpResponse<String> response = client.post(Client.JSON_BODY);

        assertThat(response.headers().allValues("request-id")).containsExactly("req_mine");
        assertThat(response.headers().allValues("x-two")).containsExactly("1", "2");
        assertThat(response.headers().firstValue("set-cookie")).isEmpty();
    }

    @Test
    void needsACredentialAndAVersion() throws Exception {
        claude.always(Script.error(529));

        HttpResponse<String> anonymous = client.send(
                client.bare("/v1/messages").header("anthropic-version", "x").POST(BodyPublishers.ofString("{}")));
        HttpResponse<String> unversioned =
                client.send(client.bare("/v1/messages").header("x-api-key", "k").POST(BodyPublishers.ofString("{}")));

        assertThat(anonymous.statusCode()).isEqualTo(401);
        assertThat(anonymous.body()).contains("\"type\":\"authentication_error\"");
        assertThat(unversioned.statusCode()).isEqualTo(400);
        assertThat(unversioned.body()).contains("\"type\":\"invalid_request_error\"");
    }

    @Test
    void refusesBodiesAboveTheLimit() throws Exception {
        byte[] body = new byte[(32 << 20) + 1];

        HttpResponse<String> response =
                client.send(client.request("/v1/messages", "key").POST(BodyPublishers.ofByteArray(body)));

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("\"type\":\"request_too_large\"");
    }
}
