package org.ccrelayer.internal.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.ccrelayer.internal.pricing.PriceFiles.bundledAnd;
import static org.ccrelayer.internal.pricing.PriceFiles.days;
import static org.ccrelayer.internal.pricing.PriceFiles.model;
import static org.ccrelayer.internal.pricing.PriceFiles.prompts;
import static org.ccrelayer.internal.pricing.PriceFiles.row;
import static org.ccrelayer.internal.pricing.PriceFiles.withRule;
import static org.ccrelayer.internal.pricing.PriceFiles.without;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.ccrelayer.internal.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A price file is taken whole or refused with all its problems. */
class PriceFileCheckTest {
    private static List<String> problems(JsonObject file) {
        PriceFileException refusal =
                catchThrowableOfType(PriceFileException.class, () -> PriceFile.parse(file.toBytes()));
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal.problems();
    }

    @Test
    void theBundledFileIsGood() {
        assertThat(PriceFile.parse(PriceFiles.bundledBytes()).find("claude-opus-5"))
                .isPresent();
    }

    @Test
    void rowsMayFollowEachOtherInAnyOrder() {
        JsonObject model =
                model("x", days("2026-02-01", null), days(null, "2026-01-01"), days("2026-01-01", "2026-02-01"));
        assertThat(PriceFile.parse(bundledAnd(model).toBytes()).find("x")).isPresent();
    }

    static Stream<Arguments> badModelFields() {
        JsonObject good = model("x", row());
        return Stream.of(
                Arguments.of(without(good, "id"), "models[27].id: is missing"),
                Arguments.of(good.with("id", "a b"), "models[27].id: must have 1 to 256 characters of visible ASCII"),
                Arguments.of(without(good, "family"), "x: family: is missing"),
                Arguments.of(good.with("fast_mod", 1), "x: fast_mod: is not known"),
                Arguments.of(without(good, "prices"), "x: prices: is missing"),
                Arguments.of(good.with("prices", 3), "x: prices: must be a list"),
                Arguments.of(
                        good.with("aliases", List.of("")),
                        "x: aliases: must have 1 to 256 characters of visible ASCII"),
                Arguments.of(good.with("max_output_tokens", 0), "x: max_output_tokens: must be at least 1"),
                Arguments.of(
                        good.with("context_window_tokens", new BigDecimal("1.5")),
                        "x: context_window_tokens: must be a whole number"),
                Arguments.of(good.with("us_inference_multiplier", 0), "x: us_inference_multiplier: must be above zero"),
                Arguments.of(
                        good.with(
                                "fast_mode",
                                JsonObject.empty()
                                        .with("input", 1)
                                        .with("output", 1)
                                        .with("cache_write_5m", 1)
                                        .with("cache_write_1h", 1)),
                        "x: fast_mode.cache_read: is missing"));
    }

    static Stream<Arguments> badRows() {
        return Stream.of(
                Arguments.of(model("x", without(row(), "cache_read")), "x: prices[0].cache_read: is missing"),
                Arguments.of(model("x", without(row(), "batch_output")), "x: prices[0].batch_output: is missing"),
                Arguments.of(model("x", row().with("input", null)), "x: prices[0].input: is missing"),
                Arguments.of(model("x", row().with("input", "5")), "x: prices[0].input: must be a number"),
                Arguments.of(
                        model("x", row().with("output", -1)),
                        "x: prices[0].output: must be from 0 to 1000000 with at most 12 decimals"),
                Arguments.of(model("x", row().with("cache_raed", 1)), "x: prices[0].cache_raed: is not known"),
                Arguments.of(
                        model("x", days("2026-13-01", null)),
                        "x: prices[0].effective_from: must be a date such as 2026-11-22"),
                Arguments.of(
                        model("x", days("2026-02-01", "2026-02-01")),
                        "x: prices[0].effective_until: must be after effective_from"));
    }

    static Stream<Arguments> overlapsAndHoles() {
        return Stream.of(
                Arguments.of(
                        model("x", days(null, "2026-02-02"), days("2026-02-01", null)),
                        "x: prices: rows overlap in time at 2026-02-01"),
                Arguments.of(
                        model("x", days(null, "2026-02-02"), days(null, "2026-03-01")),
                        "x: prices: rows overlap in time at the open beginning"),
                Arguments.of(
                        model("x", days("2026-01-01", null), days("2026-02-01", null)),
                        "x: prices: rows overlap in time at 2026-02-01"),
                Arguments.of(
                        model("x", days(null, "2026-02-01"), days("2026-02-02", null)),
                        "x: prices: no row for the days from 2026-02-01 until 2026-02-02"),
                Arguments.of(
                        model("x", prompts(null, 100), prompts(100, null)),
                        "x: prices: rows overlap at prompts of 100 tokens"),
                Arguments.of(
                        model("x", prompts(null, 100), prompts(102, null)),
                        "x: prices: no row for prompts of 101 tokens"),
                Arguments.of(model("x", prompts(null, 100)), "x: prices: no row for prompts of 101 tokens"),
                Arguments.of(model("x", prompts(1, null)), "x: prices: no row for prompts of 0 tokens"),
                Arguments.of(
                        model("x", prompts(5, 4)),
                        "x: prices[0].max_prompt_tokens: must not be below min_prompt_tokens"),
                Arguments.of(model("x", row(), row()), "x: prices: rows overlap at prompts of 0 tokens"));
    }

    static Stream<Arguments> namesOfOthers() {
        JsonObject good = model("x", row());
        return Stream.of(
                Arguments.of(
                        good.with("aliases", List.of("Claude-Haiku-4-5")),
                        "x: the name Claude-Haiku-4-5 also belongs to claude-haiku-4-5-20251001"),
                Arguments.of(
                        model("claude-opus-5", row()),
                        "claude-opus-5: the name claude-opus-5 also belongs to claude-opus-5"));
    }

    @ParameterizedTest
    @MethodSource({"badModelFields", "badRows", "overlapsAndHoles", "namesOfOthers"})
    void aBadModelIsToldByModelAndField(JsonObject model, String problem) {
        assertThat(problems(bundledAnd(model))).containsExactly(problem);
    }

    static Stream<Arguments> badFiles() {
        JsonObject bundled = PriceFiles.bundled();
        return Stream.of(
                Arguments.of(bundled.with("schema_version", 2), "schema_version: must be 1"),
                Arguments.of(without(bundled, "schema_version"), "schema_version: must be 1"),
                Arguments.of(bundled.with("currency", "EUR"), "currency: must be USD"),
                Arguments.of(bundled.with("model", 1), "model: is not known"),
                Arguments.of(without(bundled, "models"), "models: is missing"),
                Arguments.of(bundled.with("models", List.of(1)), "models: must be a list of objects"),
                Arguments.of(withRule("batch_multiplier", 0), "rules.batch_multiplier: must be above zero"),
                Arguments.of(withRule("us_inference_multiplier", null), "rules.us_inference_multiplier: is missing"),
                Arguments.of(
                        withRule("web_search_usd_per_request", -1),
                        "rules.web_search_usd_per_request: must be from 0 to 1000000 with at most 12 decimals"),
                Arguments.of(
                        withRule("web_fetch_usd_per_request", 1),
                        "rules.web_fetch_usd_per_request: must be 0, since the relay charges nothing for it"),
                Arguments.of(
                        withRule("count_tokens_cost", 1),
                        "rules.count_tokens_cost: must be 0, since the relay charges nothing for it"),
                Arguments.of(withRule("web_serach", 1), "rules.web_serach: is not known"));
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void aBadFileIsToldByField(JsonObject file, String problem) {
        assertThat(problems(file)).containsExactly(problem);
    }

    @Test
    void theFallbackMustBeWholeAndNeverFree() {
        JsonObject fallback =
                JsonObject.empty().with("input", 0).with("output", 25).with("cache_read", -1);
        assertThat(problems(withRule("unknown_model_fallback", fallback)))
                .containsExactly(
                        "rules.unknown_model_fallback.input: must be above zero",
                        "rules.unknown_model_fallback.cache_write_5m: is missing",
                        "rules.unknown_model_fallback.cache_write_1h: is missing",
                        "rules.unknown_model_fallback.cache_read: must be from 0 to 1000000 with at most 12 decimals");
    }

    @Test
    void allProblemsAreToldAtOnceInTheMessageToo() {
        JsonObject bad =
                model("x", row().with("input", -1).with("output", null)).with("aliases", List.of("claude-opus-5"));
        PriceFileException refusal = catchThrowableOfType(
                PriceFileException.class,
                () -> PriceFile.parse(bundledAnd(bad).with("currency", "EUR").toBytes()));
        assertThat(refusal.problems())
                .containsExactly(
                        "currency: must be USD",
                        "x: prices[0].input: must be from 0 to 1000000 with at most 12 decimals",
                        "x: prices[0].output: is missing",
                        "x: the name claude-opus-5 also belongs to claude-opus-5");
        String message = Objects.requireNonNull(refusal.getMessage());
        refusal.problems().forEach(problem -> assertThat(message).contains(problem));
    }

    @Test
    void aModelMayListOneNameTwice() {
        JsonObject model = model("x", row()).with("aliases", List.of("x", "X")).with("vertex_ids", List.of("x"));
        assertThat(PriceFile.parse(bundledAnd(model).toBytes()).canonicalId("X"))
                .isEqualTo("x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e99999999", "1e-99999999", "0.0000000000001"})
    void numbersFarOutsideAnyPriceAreRefused(String number) {
        String file = new String(PriceFiles.bundledBytes(), StandardCharsets.UTF_8)
                .replace("\"web_search_usd_per_request\": 0.01", "\"web_search_usd_per_request\": " + number);
        PriceFileException refusal = catchThrowableOfType(
                PriceFileException.class, () -> PriceFile.parse(file.getBytes(StandardCharsets.UTF_8)));
        assertThat(refusal.problems()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"a\":1,\"a\":2}", "{} {}"})
    void whatIsNotOneJsonObjectIsRefused(String text) {
        PriceFileException refusal = catchThrowableOfType(
                PriceFileException.class, () -> PriceFile.parse(text.getBytes(StandardCharsets.UTF_8)));
        assertThat(refusal.problems()).hasSize(1);
    }
}
