package org.ccrelayer.simulated;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Sends requests the way an SDK does. */
final class Client {
    static final String JSON_BODY = "{\"model\":\"claude-test\",\"max_tokens\":64,\"messages\":[]}";
    static final String STREAM_BODY = "{\"model\":\"claude-test\",\"max_tokens\":64,\"messages\":[],\"stream\":true}";

    private final HttpClient http = HttpClient.newHttpClient();
    private final SimulatedClaude claude;

    Client(SimulatedClaude claude) {
        this.claude = claude;
    }

    HttpResponse<String> post(String body) throws Exception {
        return send(request("/v1/messages", "key").POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> postAs(String key) throws Exception {
        return send(request("/v1/messages", key).POST(HttpRequest.BodyPublishers.ofString(JSON_BODY)));
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(request(path, "key").GET());
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    HttpResponse<byte[]> sendForBytes(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    HttpRequest.Builder request(String path, String key) {
        return bare(path).header("x-api-key", key).header("anthropic-version", "2023-06-01");
    }

    HttpRequest.Builder bare(String path) {
        return HttpRequest.newBuilder(claude.uri().resolve(path)).version(HttpClient.Version.HTTP_1_1);
    }
}
