package org.ccrelayer.internal.metering;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.usage.Iteration;
import org.ccrelayer.usage.MeteredAnswer;
import org.ccrelayer.usage.TokenUsage;
import org.ccrelayer.usage.Tokens;

/** A recorded-looking stream and what reading it must find. */
record SseFixture(String name, byte[] bytes, JsonObject expected) {
    static List<SseFixture> all() {
        JsonObject files =
                JsonObject.parse(resource("expected.json")).object("files").orElseThrow();
        return files.names().stream()
                .map(name ->
                        new SseFixture(name, resource(name), files.object(name).orElseThrow()))
                .toList();
    }

    static SseFixture named(String name) {
        return all().stream()
                .filter(fixture -> fixture.name.startsWith(name))
                .findFirst()
                .orElseThrow();
    }

    /** The same stream with each way to end a line, and once more as it is. */
    Stream<SseFixture> withAllLineEnds() {
        String plain = new String(bytes, StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
        Stream<SseFixture> converted = Stream.of("\n", "\r\n", "\r")
                .map(end ->
                        new SseFixture(name, plain.replace("\n", end).getBytes(StandardCharsets.ISO_8859_1), expected));
        return Stream.concat(Stream.of(this), converted);
    }

    List<EventKind> kinds() {
        return expected.strings("events").orElseThrow().stream()
                .map(event -> EventKind.named(event.getBytes(StandardCharsets.US_ASCII), event.length()))
                .toList();
    }

    /** What a meter must find in the whole stream. */
    MeteredAnswer answer() {
        long characters = ReferenceParser.parse(bytes).stream()
                .filter(event -> event.name().equals("content_block_delta"))
                .mapToLong(event -> charactersOf(JsonObject.parse(event.data())))
                .sum();
        return new MeteredAnswer(
                expected.string("model").orElse(null),
                expected.string("message_id").orElse(null),
                expected.string("stop_reason").orElse(null),
                true,
                expected.string("text").filter(text -> !text.isEmpty()).isPresent(),
                expected.bool("complete").orElseThrow(),
                expected.object("error").flatMap(error -> error.string("type")).orElse(null),
                characters,
                usage());
    }

    private static long charactersOf(JsonObject event) {
        JsonObject delta = event.object("delta").orElseThrow();
        return Stream.of("text", "thinking", "partial_json")
                .flatMap(member -> delta.string(member).stream())
                .mapToLong(text -> text.codePointCount(0, text.length()))
                .sum();
    }

    private TokenUsage usage() {
        JsonObject usage = expected.object("usage").orElseThrow();
        JsonObject tools = usage.object("server_tool_use").orElse(JsonObject.empty());
        JsonObject details = usage.object("output_tokens_details").orElse(JsonObject.empty());
        return new TokenUsage(
                tokens(usage, split(usage)),
                number(details, "thinking_tokens"),
                number(tools, "web_search_requests"),
                number(tools, "web_fetch_requests"),
                usage.string("service_tier").orElse(null),
                usage.string("speed").orElse(null),
                usage.string("inference_geo").orElse(null),
                usage.objects("iterations").stream()
                        .map(step -> new Iteration(
                                step.string("type").orElseThrow(),
                                step.string("model").orElse(null),
                                tokens(step, JsonObject.empty())))
                        .toList());
    }

    private JsonObject split(JsonObject usage) {
        JsonObject reported = usage.object("cache_creation").orElseThrow();
        JsonObject asReported = JsonObject.empty()
                .with("cache_write_5m", reported.get("ephemeral_5m_input_tokens"))
                .with("cache_write_1h", reported.get("ephemeral_1h_input_tokens"));
        return expected.object("billing_split").orElse(asReported);
    }

    private static Tokens tokens(JsonObject usage, JsonObject split) {
        return new Tokens(
                number(usage, "input_tokens"),
                number(usage, "output_tokens"),
                number(split, "cache_write_5m"),
                number(split, "cache_write_1h"),
                number(usage, "cache_read_input_tokens"));
    }

    private static long number(JsonObject object, String name) {
        return object.integer(name).orElse(0L);
    }

    private static byte[] resource(String name) {
        try (InputStream in = SseFixture.class.getResourceAsStream("/sse/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
