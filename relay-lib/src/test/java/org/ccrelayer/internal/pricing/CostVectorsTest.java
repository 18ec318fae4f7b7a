package org.ccrelayer.internal.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.usage.Cost;
import org.ccrelayer.usage.Iteration;
import org.ccrelayer.usage.MeteredAnswer;
import org.ccrelayer.usage.TokenUsage;
import org.ccrelayer.usage.Tokens;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published cost vectors, component by component. */
class CostVectorsTest {
    private final CurrentPrices prices = CurrentPrices.bundled();

    @ParameterizedTest
    @MethodSource("vectors")
    void everyComponentOfAVectorIsExact(JsonObject vector) {
        MeteredAnswer answer = answer(vector.object("response").orElseThrow());
        JsonObject expected = vector.object("expected_usd").orElseThrow();

        Cost cost = prices.price(
                answer, "claude-not-asked", Answers.day(vector.string("date").orElseThrow()));

        assertThat(cost.input()).isEqualByComparingTo(amount(expected, "input"));
        assertThat(cost.output()).isEqualByComparingTo(amount(expected, "output"));
        assertThat(cost.cacheWrite5m()).isEqualByComparingTo(amount(expected, "cache_write_5m"));
        assertThat(cost.cacheWrite1h()).isEqualByComparingTo(amount(expected, "cache_write_1h"));
        assertThat(cost.cacheRead()).isEqualByComparingTo(amount(expected, "cache_read"));
        assertThat(cost.webSearch()).isEqualByComparingTo(amount(expected, "web_search"));
        assertThat(cost.total()).isEqualByComparingTo(amount(expected, "total"));
        assertThat(cost.unknownModel()).isEqualTo(vector.bool("unknown_model").orElseThrow());
    }

    @Test
    void allTwelveVectorsAreRead() throws IOException {
        assertThat(vectors()).hasSize(12);
    }

    static Stream<Named<JsonObject>> vectors() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(CostVectorsTest.class.getResourceAsStream("/pricing/cost-vectors.json"))) {
            JsonObject file = JsonObject.parse(in.readAllBytes());
            List<JsonObject> vectors = Stream.of("vectors", "extra_edge_cases")
                    .flatMap(list -> file.objects(list).stream())
                    .toList();
            return vectors.stream()
                    .map(vector -> Named.of(
                            vector.string("id").orElseThrow() + " "
                                    + vector.string("description").orElseThrow(),
                            vector));
        }
    }

    private static BigDecimal amount(JsonObject expected, String name) {
        return new BigDecimal(expected.string(name).orElseThrow());
    }

    private static MeteredAnswer answer(JsonObject response) {
        JsonObject usage = response.object("usage").orElseThrow();
        JsonObject tools = usage.object("server_tool_use").orElse(JsonObject.empty());
        List<Iteration> iterations = usage.objects("iterations").stream()
                .map(entry -> new Iteration(
                        entry.string("type").orElseThrow(),
                        entry.string("model").orElse(null),
                        tokens(entry)))
                .toList();
        TokenUsage metered = new TokenUsage(
                tokens(usage),
                0,
                tools.integer("web_search_requests").orElse(0L),
                tools.integer("web_fetch_requests").orElse(0L),
                usage.string("service_tier").orElse(null),
                usage.string("speed").orElse(null),
                usage.string("inference_geo").orElse(null),
                iterations);
        return new MeteredAnswer(
                response.string("model").orElse(null),
                "msg_vector",
                response.string("stop_reason").orElse(null),
                true,
                response.bool("content_started").orElse(true),
                true,
                null,
                0,
                metered);
    }

    /** Writes without a split, or beyond it, are five-minute writes. */
    private static Tokens tokens(JsonObject usage) {
        JsonObject split = usage.object("cache_creation").orElse(JsonObject.empty());
        long oneHour = split.integer("ephemeral_1h_input_tokens").orElse(0L);
        return new Tokens(
                usage.integer("input_tokens").orElse(0L),
                usage.integer("output_tokens").orElse(0L),
                usage.integer("cache_creation_input_tokens").orElse(0L) - oneHour,
                oneHour,
                usage.integer("cache_read_input_tokens").orElse(0L));
    }
}
