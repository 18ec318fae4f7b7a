package org.ccrelayer.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusedBodyTest {
    private final Bench bench = new Bench();

    @AfterEach
    void everything_is_given_back() {
        bench.assertIdle();
    }

    private void assertRefused(String body, String message) {
        assertRefused(Bench.utf8(body), message);
    }

    private void assertRefused(byte[] body, String message) {
        RelayException failure = bench.read(Bench.request().body(body)).failure();
        assertThat(failure.outcome()).isEqualTo(Outcome.INVALID_REQUEST);
        assertThat(failure).hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{\"model\":\"m\"}]", "\"model\"", "42", "null", "true", " [1"})
    void what_is_not_an_object(String body) {
        assertRefused(body, "The request body is not a JSON object.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|it ends too early, at byte 0",
                "{\"model\":\"m\"|it ends too early, at byte 12",
                "{\"model\":\"m|it ends too early, at byte 11",
            })
    void what_ends_too_early(String body, String message) {
        assertRefused(body == null ? "" : body, "The request body is not valid JSON: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"m\",}|13",
                "{\"model\":\"m\"} {}|14",
                "{model:1}|1",
                "{\"model\":\"m\"}}|13",
                "{\"a\":tru}|8"
            })
    void what_is_not_json(String body, int position) {
        assertRefused(body, "The request body is not valid JSON at byte " + position);
    }

    @Test
    void what_is_not_utf_8() {
        assertRefused(
                "{\"model\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1),
                "The request body is not valid UTF-8 at byte 11");
    }

    @Test
    void what_nests_too_deep() {
        assertRefused(
                "{\"model\":\"m\",\"x\":" + "[".repeat(256) + "]".repeat(256) + "}",
                "The request body is nested deeper than 256 levels at byte 272");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"model\":\"\"}",
                "{\"model\":null}",
                "{\"model\":7}",
                "{\"model\":{}}",
                "{\"model\":[\"m\"]}"
            })
    void a_model_that_is_none(String body) {
        assertRefused(body, "model: must be a text that is not empty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "a\\n", "\\u007f", "\\u0085", "a\\tb"})
    void a_model_with_control_characters(String model) {
        assertRefused("{\"model\":\"" + model + "\"}", "model: must not have control characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"true\"", "1", "0", "{}", "[]"})
    void a_stream_that_is_neither_true_nor_false(String value) {
        assertRefused("{\"model\":\"m\",\"stream\":" + value + "}", "stream: must be true or false");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "1.5",
                "1000000001",
                "1e10",
                "1e-1",
                "1e999999999",
                "1e-999999999",
                "1e99999999999",
                "99999999999999999999",
                "\"1\"",
                "true",
                "{}",
                "[1]",
                "10000000000000000000000000000000000000000000000000000000000000000000000000000"
            })
    void tokens_that_are_no_number_of_tokens(String value) {
        assertRefused(
                "{\"model\":\"m\",\"max_tokens\":" + value + "}",
                "max_tokens: must be a whole number from 0 to 1000000000");
    }

    static Stream<String> fieldsOfTheTop() {
        return Stream.of(
                "model",
                "stream",
                "max_tokens",
                "metadata",
                "thread",
                "diagnostics",
                "container",
                "fallback_credit_token",
                "speed",
                "inference_geo",
                "service_tier",
                "system",
                "tools",
                "messages",
                "cache_control");
    }

    @ParameterizedTest
    @MethodSource("fieldsOfTheTop")
    void a_field_that_is_repeated(String field) {
        String value = field.equals("model") ? "\"m\"" : "null";
        String escaped = String.format("\\u%04x", (int) field.charAt(0)) + field.substring(1);
        assertRefused(
                "{\"" + field + "\":" + value + ",\"x\":1,\"" + escaped + "\":" + value + "}",
                field + ": must not be repeated");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "metadata.user_id",
                "thread.previous_message_id",
                "diagnostics.previous_message_id",
                "container.id",
                "fallback_credit_token.token"
            })
    void a_member_that_is_repeated(String path) {
        String[] names = path.split("\\.");
        String member = "\"" + names[1] + "\":\"x\"";
        assertRefused(
                "{\"" + names[0] + "\":{" + member + ",\"a\":{}," + member + "}}", path + ": must not be repeated");
    }

    @Test
    void nothing_for_other_names_that_are_repeated() {
        bench.facts(
                "{\"model\":\"m\",\"x\":1,\"x\":2,\"file_id\":\"a\",\"file_id\":\"b\",\"metadata\":{\"id\":1,\"id\":2}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model|256|{\"model\":\"?\"}",
                "metadata.user_id|4096|{\"metadata\":{\"user_id\":\"?\"}}",
                "thread.previous_message_id|512|{\"thread\":{\"previous_message_id\":\"?\"}}",
                "diagnostics.previous_message_id|512|{\"diagnostics\":{\"previous_message_id\":\"?\"}}",
                "container|512|{\"container\":\"?\"}",
                "container.id|512|{\"container\":{\"id\":\"?\"}}",
                "file_id|512|{\"messages\":[{\"file_id\":\"?\"}]}",
                "fallback_credit_token|4096|{\"fallback_credit_token\":\"?\"}",
                "speed|512|{\"speed\":\"?\"}"
            })
    void a_value_that_is_too_long(String field, int bound, String body) {
        assertRefused(body.replace("?", "é".repeat(bound / 2) + "x"), field + ": must be at most " + bound + " bytes");
        assertRefused(body.replace("?", "x".repeat(1_000_000)), field + ": must be at most " + bound + " bytes");
    }

    @Test
    void more_than_a_thousand_files() {
        String files = IntStream.rangeClosed(0, 1000)
                .mapToObj(i -> "{\"file_id\":\"f" + i + "\"}")
                .collect(Collectors.joining(","));
        assertRefused("{\"messages\":[" + files + "]}", "file_id: must not name more than 1000 files");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"model\":\"secret\",}", "{\"model\":\"secret\\n\"}", "{\"stream\":\"secret\"}", "[\"secret\"]"
            })
    void never_with_a_message_that_quotes(String body) {
        RelayException failure = bench.read(body).failure();
        for (Throwable told = failure; told != null; told = told.getCause()) {
            assertThat(told.toString()).doesNotContain("secret");
        }
    }
}
