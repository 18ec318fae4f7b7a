package org.ccrelayer.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import org.ccrelayer.simulated.Script;
import org.ccrelayer.simulated.SimulatedClaude;
import org.eclipse.jetty.http.HttpFields;

/**
 * An answer of the API, to be sent again and again: making it anew each time would make the upstream the dearest part.
 *
 * @param headers all header fields but those of the framing
 * @param parts the body, in the pieces that are written one by one
 */
record CannedAnswer(HttpFields headers, List<byte[]> parts) {
    /** Text deltas in a streamed answer; other events come on top. */
    static final int DELTAS = 200;

    /** Makes a whole delta event about 130 bytes long, which is what the API sends per few words. */
    private static final String DELTA_TEXT = " and so it went on, word by";

    private static final Set<String> FRAMING =
            Set.of("connection", "content-length", "date", "keep-alive", "transfer-encoding");

    /** A short answer in one piece. */
    static CannedAnswer message() throws IOException, InterruptedException {
        HttpResponse<String> recorded = record(Script.answer(), false);
        return new CannedAnswer(headers(recorded), List.of(recorded.body().getBytes(UTF_8)));
    }

    /** A stream of events, each in a piece of its own. */
    static CannedAnswer stream() throws IOException, InterruptedException {
        HttpResponse<String> recorded = record(Script.answer().events(DELTAS).deltaText(DELTA_TEXT), true);
        List<byte[]> events = List.of(recorded.body().split("(?<=\n\n)")).stream()
                .map(event -> event.getBytes(UTF_8))
                .toList();
        return new CannedAnswer(headers(recorded), events);
    }

    private static HttpResponse<String> record(Script script, boolean stream) throws IOException, InterruptedException {
        try (SimulatedClaude claude = SimulatedClaude.start().always(script)) {
            String body =
                    "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":4096,\"messages\":[],\"stream\":" + stream + "}";
            HttpRequest request = HttpRequest.newBuilder(claude.uri().resolve("/v1/messages"))
                    .version(HttpClient.Version.HTTP_1_1)
                    .header("x-api-key", "recorded")
                    .header("anthropic-version", "2023-06-01")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            HttpResponse<String> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("the simulated API answered with " + answer.statusCode());
            }
            return answer;
        }
    }

    private static HttpFields headers(HttpResponse<String> recorded) {
        HttpFields.Mutable headers = HttpFields.build();
        recorded.headers().map().forEach((name, values) -> {
            if (!FRAMING.contains(name)) {
                values.forEach(value -> headers.add(name, value));
            }
        });
        return headers.asImmutable();
    }

    /** How many bytes the body has. */
    long length() {
        return parts.stream().mapToLong(part -> part.length).sum();
    }
}
