package org.ccrelayer.servlet.war;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ccrelayer.simulated.SimulatedClaude;
import org.ccrelayer.testkit.Canary;
import org.ccrelayer.testkit.RawClient;
import org.ccrelayer.testkit.RelayFixture;

/** What clients and an administrator ask a relay under a prefix. */
record RelayCalls(int port, String prefix) {
    private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");
    private static final Pattern KEY = Pattern.compile("\"key\":\"(cr_[0-9a-f]{64})\"");
    private static final byte[] STREAMING = message(true);
    private static final byte[] PLAIN = message(false);

    private static byte[] message(boolean stream) {
        return ("{\"model\":\"claude-sonnet-5-5\",\"max_tokens\":64,\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + Canary.PROMPT.text() + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A client that has asked for a stream and read nothing. */
    RawClient streaming(String key) throws IOException {
        return new RawClient(port).post(prefix + "/v1/messages", key, STREAMING);
    }

    RawClient.Answer stream(String key) throws IOException {
        try (RawClient client = streaming(key)) {
            return client.readAnswer();
        }
    }

    RawClient.Answer plain(String key) throws IOException {
        try (RawClient client = new RawClient(port)) {
            return client.post(prefix + "/v1/messages", key, PLAIN).readAnswer();
        }
    }

    RawClient.Answer call(String method, String path, String token, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        List<String> headers =
                new ArrayList<>(List.of("content-type: application/json", "content-length: " + bytes.length));
        if (!token.isEmpty()) {
            headers.add("authorization: Bearer " + token);
        }
        try (RawClient client = new RawClient(port)) {
            return client.head(method + " " + prefix + path, headers.toArray(String[]::new))
                    .send(bytes)
                    .readAnswer();
        }
    }

    RawClient.Answer get(String path) throws IOException {
        return call("GET", path, "", "");
    }

    /** A session of the administrator. */
    String login() throws IOException {
        RawClient.Answer answer = call(
                "POST",
                "/admin/login",
                "",
                "{\"username\":\"admin\",\"password\":\"" + RelayFixture.ADMIN_PASSWORD + "\"}");
        return found(TOKEN, answer);
    }

    /** Creates an account at {@code upstream} and a relay key, and gives the key. */
    String setUp(SimulatedClaude upstream) throws IOException {
        String token = login();
        RawClient.Answer account = call(
                "POST",
                "/admin/accounts",
                token,
                "{\"name\":\"one\",\"baseUrl\":\"" + upstream.uri() + "\",\"apiKey\":\"" + Canary.UPSTREAM_KEY.text()
                        + "\"}");
        assertThat(account.head().status()).as(account.text()).isEqualTo(201);
        return found(KEY, call("POST", "/admin/keys", token, "{\"name\":\"me\"}"));
    }

    private static String found(Pattern pattern, RawClient.Answer answer) {
        Matcher matcher = pattern.matcher(answer.text());
        assertThat(matcher.find()).as(answer.text()).isTrue();
        return matcher.group(1);
    }
}
