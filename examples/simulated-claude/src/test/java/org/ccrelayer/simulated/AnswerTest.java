package org.ccrelayer.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerTest {
    private final SimulatedClaude claude = SimulatedClaude.start();
    private final Client client = new Client(claude);

    @AfterEach
    void stop() {
        claude.close();
    }

    @Test
    void answersWithJson() throws Exception {
        claude.enqueue(Script.text("Say \"hi\"\n\u4f60").withUsage(25, 15, 148, 12_000, 90_000));

        HttpResponse<String> response = client.post(Client.JSON_BODY);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(withoutIds(response.body()))
                .isEqualTo("{\"id\":\"ID\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-test\","
                        + "\"content\":[{\"type\":\"text\",\"text\":\"Say \\\"hi\\\"\\n\u4f60\"}],"
                        + "\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":25,"
                        + "\"output_tokens\":15,\"cache_creation_input_tokens\":12148,"
                        + "\"cache_read_input_tokens\":90000,\"cache_creation\":{\"ephemeral_5m_input_tokens\":148,"
                        + "\"ephemeral_1h_input_tokens\":12000},\"service_tier\":\"standard\","
                        + "\"inference_geo\":\"global\"}}");
    }

    @Test
    void answersWithTheEventsOfAStream() throws Exception {
        claude.enqueue(Script.text("Hi there").withUsage(25, 15, 148, 12_000, 90_000));

        HttpResponse<String> response = client.post(Client.STREAM_BODY);

        assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream; charset=utf-8");
        assertThat(response.headers().firstValue("cache-control")).hasValue("no-cache");
        assertThat(withoutIds(response.body())).isEqualTo("""
                        event: message_start
                        data: {"type":"message_start","message":{"id":"ID","type":"message","role":"assistant",\
                        "model":"claude-test","content":[],"stop_reason":null,"stop_sequence":null,\
                        "usage":{"input_tokens":25,"output_tokens":1,"cache_creation_input_tokens":12148,\
                        "cache_read_input_tokens":90000,"cache_creation":{"ephemeral_5m_input_tokens":148,\
                        "ephemeral_1h_input_tokens":12000},"service_tier":"standard","inference_geo":"global"}}}

                        event: content_block_start
                        data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

                        event: ping
                        data: {"type":"ping"}

                        event: content_block_delta
                        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi "}}

                        event: content_block_delta
                        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"there"}}

                        event: content_block_stop
                        data: {"type":"content_block_stop","index":0}

                        event: message_delta
                        data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},\
                        "usage":{"input_tokens":25,"output_tokens":15,"cache_creation_input_tokens":12148,\
                        "cache_read_input_tokens":90000}}

                        event: message_stop
                        data: {"type":"message_stop"}

                        """);
    }

    @Test
    void reportsTheSameUsageEitherWay() throws Exception {
        // As long as the other, so that both have the same number of input tokens.
        String notStreaming = Client.STREAM_BODY.replace("\"stream\":true", "\"strexm\":true");

        String json = client.post(notStreaming).body();
        String stream = client.post(Client.STREAM_BODY).body();

        long input = (Client.STREAM_BODY.length() + 3) / 4;
        String usage = "\"usage\":{\"input_tokens\":" + input + ",\"output_tokens\":6,";
        assertThat(json).contains(usage);
        assertThat(stream.substring(stream.indexOf("event: message_delta"))).contains(usage);
        assertThat(stream).contains("\"usage\":{\"input_tokens\":" + input + ",\"output_tokens\":1,");
    }

    @Test
    void callsATool() throws Exception {
        String input = "{\"city\": \"Z\\u00fcrich\", \"sky\": \"\ud83d\ude80\"}";
        claude.always(Script.toolUse("forecast", input));

        String json = client.post(Client.JSON_BODY).body();
        String stream = client.post(Client.STREAM_BODY).body();

        assertThat(json)
                .contains("\"name\":\"forecast\",\"input\":" + input + "}]")
                .contains("\"tool_use\",\"stop_seq");
        assertThat(stream)
                .contains("\"name\":\"forecast\",\"input\":{}}}")
                .contains("{\"stop_reason\":\"tool_use\",\"stop_sequence\":null}");
        List<String> pieces = pieces(stream, "\"input_json_delta\",\"partial_json\":");
        assertThat(pieces).hasSize(4).startsWith("");
        assertThat(String.join("", pieces)).isEqualTo(input);
    }

    @Test
    void sendsAsManyDeltasAsAskedWhateverMaxTokens() throws Exception {
        claude.enqueue(Script.answer().events(100).deltaText("\u4f60 "));
        claude.enqueue(Script.toolUse("t", "{\"a\":1}").events(7));

        String text = client.post(Client.STREAM_BODY).body();
        String tool = client.post(Client.STREAM_BODY).body();

        assertThat(pieces(text, "\"text_delta\",\"text\":")).hasSize(100).containsOnly("\u4f60 ");
        assertThat(text).contains("\"end_turn\"").contains("\"output_tokens\":100");
        assertThat(pieces(tool, "\"partial_json\":")).containsExactly("", "{", "\"", "a", "\"", ":", "1", "}");
    }

    @Test
    void cutsATextAtMaxTokens() throws Exception {
        String body = client.post("{\"max_tokens\":2}").body();

        assertThat(body).contains("\"text\":\"Hello from \"").contains("\"stop_reason\":\"max_tokens\"");
        assertThat(body).contains("\"output_tokens\":2");
    }

    @Test
    void namesTheRequestedModelOrTheScripted() throws Exception {
        claude.enqueue(Script.answer()).enqueue(Script.answer().withModel("claude-other"));

        assertThat(client.post("{\"model\":\"m \\\"\\u4f60\"}").body()).contains("\"model\":\"m \\\"\u4f60\"");
        assertThat(client.post(Client.JSON_BODY).body()).contains("\"model\":\"claude-other\"");
    }

    @Test
    void leavesThePingOutOnRequest() throws Exception {
        claude.enqueue(Script.answer().ping(false));

        assertThat(client.post(Client.STREAM_BODY).body())
                .contains("message_stop")
                .doesNotContain("ping");
    }

    @Test
    void countsTokens() throws Exception {
        claude.enqueue(Script.answer()).enqueue(Script.answer().withUsage(42, 0, 0, 0, 0));

        assertThat(count()).isEqualTo("{\"input_tokens\":" + (Client.JSON_BODY.length() + 3) / 4 + "}");
        assertThat(count()).isEqualTo("{\"input_tokens\":42}");
    }

    @Test
    void sendsRawBytesUnchanged() throws Exception {
        byte[] transcript = ": c\r\n\r\nevent: a\ndata: 1\n\n\n\nevent: b\r\ndata: \u4f60\r\n\r\ndata: x"
                .getBytes(StandardCharsets.UTF_8);
        Script script = Script.raw(202, "text/event-stream", transcript);
        claude.enqueue(script).enqueue(script.eventPerWrite()).enqueue(script.chunkSize(1));

        for (int i = 0; i < 3; i++) {
            HttpResponse<byte[]> response = client.sendForBytes(streamRequest());
            assertThat(response.statusCode()).isEqualTo(202);
            assertThat(response.body()).isEqualTo(transcript);
        }
    }

    @Test
    void countsTheEventsOfRawTranscripts() throws Exception {
        byte[] transcript =
                ": c\r\n\r\nevent: a\ndata: 1\n\n\n\nevent: b\ndata: 2\n\n".getBytes(StandardCharsets.UTF_8);
        claude.enqueue(Script.raw(200, "text/event-stream", transcript).cleanEndAfterEvent(2));

        assertThat(client.post(Client.STREAM_BODY).body()).isEqualTo(": c\r\n\r\nevent: a\ndata: 1\n\n\n\n");
    }

    @Test
    void compressesStreamsAndJson() throws Exception {
        claude.always(Script.answer().gzip().eventPerWrite());

        HttpResponse<byte[]> stream = client.sendForBytes(streamRequest());

        assertThat(stream.headers().firstValue("content-encoding")).hasValue("gzip");
        assertThat(gunzipped(stream.body())).startsWith("event: message_start").endsWith("\"message_stop\"}\n\n");
        assertThat(gunzipped(client.sendForBytes(request(Client.JSON_BODY.getBytes(StandardCharsets.UTF_8)))
                        .body()))
                .startsWith("{\"id\"")
                .endsWith("}}");
    }

    @Test
    void readsCompressedRequests() throws Exception {
        HttpRequest.Builder request = request(gzipped(Client.STREAM_BODY)).header("content-encoding", "gzip");

        assertThat(client.send(request).body())
                .startsWith("event: message_start")
                .contains("claude-test");
    }

    @Test
    void refusesABodyItCannotRead() throws Exception {
        HttpResponse<String> response = client.post("{\"model\":");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).startsWith("{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\"");
    }

    private String count() throws Exception {
        return client.send(client.request("/v1/messages/count_tokens", "key")
                        .POST(HttpRequest.BodyPublishers.ofString(Client.JSON_BODY)))
                .body();
    }

    private HttpRequest.Builder streamRequest() {
        return request(Client.STREAM_BODY.getBytes(StandardCharsets.UTF_8));
    }

    private HttpRequest.Builder request(byte[] body) {
        return client.request("/v1/messages", "key").POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    private static List<String> pieces(String stream, String member) {
        return Pattern.compile(Pattern.quote(member) + "(\".*\")}}\n")
                .matcher(stream)
                .results()
                .map(result -> Json.unquote(result.group(1)))
                .toList();
    }

    private static String withoutIds(String text) {
        return text.replaceAll("\"id\":\"msg_\\w+\"", "\"id\":\"ID\"");
    }

    private static byte[] gzipped(String text) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private static String gunzipped(byte[] bytes) throws Exception {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
