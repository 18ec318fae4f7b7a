package org.ccrelayer.internal.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccrelayer.internal.metering.Metering.JSON;
import static org.ccrelayer.internal.metering.Metering.SSE;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.ccrelayer.usage.Iteration;
import org.ccrelayer.usage.MeteredAnswer;
import org.ccrelayer.usage.TokenUsage;
import org.ccrelayer.usage.Tokens;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageMeterJsonTest {
    private static final String MESSAGE = """
            {"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-5-5","content":[
              {"type":"thinking","thinking":"h\\u00e9 \\n","signature":"abcdef"},
              {"type":"text","text":"Grüße 🚀","citations":[{"text":"none of ours","type":"error"}]},
              {"type":"tool_use","id":"t","name":"n","input":{"text":"no","usage":{"input_tokens":9},"model":"x"}},
              {"type":"tool_result","content":[{"type":"text","text":"no"}]}],
             "stop_reason":"end_turn","error":null,"container":{"id":"c","type":"error"},
             "usage":{"input_tokens":11,"output_tokens":22,"cache_creation_input_tokens":100,
               "cache_read_input_tokens":44,
               "cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":40},
               "server_tool_use":{"web_search_requests":2,"web_fetch_requests":3},
               "output_tokens_details":{"thinking_tokens":6},"service_tier":"batch","speed":"fast",
               "inference_geo":"us","iterations":[{"type":"advisor_message","model":"claude-haiku-5-5",
               "input_tokens":1,"output_tokens":2,"cache_creation_input_tokens":7,
               "cache_creation":{"ephemeral_1h_input_tokens":3}},
               {"type":"message","input_tokens":5,"cache_creation":null}]},"stop_sequence":null}
            """;

    private static final MeteredAnswer FOUND = new MeteredAnswer(
            "claude-opus-5-5",
            "msg_1",
            "end_turn",
            true,
            true,
            true,
            null,
            11,
            new TokenUsage(
                    new Tokens(11, 22, 60, 40, 44),
                    6,
                    2,
                    3,
                    "batch",
                    "fast",
                    "us",
                    List.of(
                            new Iteration("advisor_message", "claude-haiku-5-5", new Tokens(1, 2, 4, 3, 0)),
                            new Iteration("message", null, new Tokens(5, 0, 0, 0, 0)))));

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static MeteredAnswer meter(String json) {
        return Metering.whole(bytes(json), JSON, null);
    }

    @Test
    void finds_the_usage_of_a_message_however_it_is_cut_in_two() {
        ByteBuffer heap = Metering.inTheMiddle(bytes(MESSAGE));
        ByteBuffer direct = Metering.direct(bytes(MESSAGE));
        for (int cut = 0; cut <= heap.capacity(); cut++) {
            assertThat(Metering.cutAt(heap, cut, JSON, null))
                    .as("cut at %s", cut)
                    .isEqualTo(FOUND);
            assertThat(Metering.cutAt(direct, cut, JSON, null))
                    .as("cut at %s", cut)
                    .isEqualTo(FOUND);
        }
    }

    @Test
    void finds_the_usage_of_a_message_in_pieces_of_any_size() {
        for (int piece = 1; piece <= 64; piece++) {
            ByteBuffer answer = ByteBuffer.wrap(bytes(MESSAGE));
            assertThat(Metering.inPieces(answer, piece, JSON, null))
                    .as("pieces of %s", piece)
                    .isEqualTo(FOUND);
        }
    }

    @Test
    void a_message_that_is_cut_short_is_not_complete() {
        byte[] message = bytes(MESSAGE.strip());
        for (int length = 0; length < message.length; length++) {
            MeteredAnswer found = Metering.whole(Arrays.copyOf(message, length), JSON, null);
            assertThat(found.complete()).as("%s bytes", length).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'error','error':{'type':'overloaded_error','message':'x'}} | overloaded_error",
                "{'error':{'message':{'type':'no'},'type':'api_error'},'type':'error'} | api_error",
                "{'type':'error','error':{'type':5}} | unknown_error",
                "{'type':'error'} | unknown_error",
                "{'type':'message','error':{'type':'api_error'},'usage':{}} | ",
            })
    void tells_the_type_of_an_error(String json, String errorType) {
        MeteredAnswer found = meter(json.replace('\'', '"'));

        assertThat(found.errorType()).isEqualTo(errorType);
        assertThat(found.complete()).isEqualTo(errorType == null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'content':[],'usage':{}} | false",
                "{'content':[{'type':'tool_use'}],'usage':{}} | true",
                "{'content':['text'],'usage':{}} | true",
                "{'content':null,'usage':{'content':[1]}} | false",
                "{'other':[{'content':[1]}],'usage':{}} | false",
            })
    void content_has_started_where_there_is_any(String json, boolean started) {
        assertThat(meter(json.replace('\'', '"')).contentStarted()).isEqualTo(started);
    }

    @Test
    void counts_only_the_texts_of_blocks() {
        assertThat(meter("{\"text\":\"a\",\"content\":[{\"text\":\"bc\"},[\"def\"],\"gh\"]}")
                        .outputCharacters())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"input_tokens\":5}",
                "{\"usage\":null,\"type\":\"message\"}",
                "{\"usage\":[{\"input_tokens\":5}]}",
                "[{\"usage\":{\"input_tokens\":5}}]",
                "{\"message\":{\"usage\":{\"input_tokens\":5}}}",
                "\"usage\"",
                "",
                "{}"
            })
    void a_document_without_usage_has_none(String json) {
        assertThat(meter(json).started()).isFalse();
        assertThat(meter(json).complete()).isFalse();
    }

    @Test
    void what_follows_the_document_spoils_it() {
        assertThat(meter("{\"usage\":{\"input_tokens\":5}} ").complete()).isTrue();
        assertThat(meter("{\"usage\":{\"input_tokens\":5}} x").complete()).isFalse();
        assertThat(meter("{\"usage\":{\"input_tokens\":5}} x").usage().totals().input())
                .isEqualTo(5);
    }

    @Test
    void usage_is_read_up_to_its_bound() {
        String pad = "x".repeat(JsonAnswer.MAX_USAGE_BYTES - "{\"input_tokens\":5,\"pad\":\"\"}".length());
        String most = "{\"usage\":{\"input_tokens\":5,\"pad\":\"" + pad + "\"}}";
        String more = most.replace("pad", "pads");
        for (int piece : new int[] {1000, most.length()}) {
            assertThat(Metering.inPieces(ByteBuffer.wrap(bytes(most)), piece, JSON, null)
                            .usage()
                            .totals()
                            .input())
                    .isEqualTo(5);
            MeteredAnswer lost = Metering.inPieces(ByteBuffer.wrap(bytes(more)), piece, JSON, null);
            assertThat(lost.started()).isFalse();
            assertThat(lost.complete()).isFalse();
        }
    }

    @Test
    void overlong_words_count_as_not_said() {
        String longest = "é".repeat(ReportedUsage.MAX_WORD_CHARACTERS);

        assertThat(meter("{\"model\":\"" + longest + "\"}").model()).isEqualTo(longest);
        assertThat(meter("{\"model\":\"" + longest + "x\"}").model()).isNull();
    }

    @Test
    void reads_deeply_nested_tool_input() {
        String input = "[".repeat(2000) + "]".repeat(2000);

        assertThat(meter("{\"content\":[{\"input\":" + input + "}],\"usage\":{\"input_tokens\":5}}")
                        .complete())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Application/JSON", "application/json; charset=utf-8", " application/json ;a=b"})
    void knows_json_by_its_type(String type) {
        assertThat(Metering.whole(bytes(MESSAGE), type, "Identity")).isEqualTo(FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TEXT/event-stream", "text/event-stream;charset=UTF-8", "text/Event-Stream ; a"})
    void knows_an_event_stream_by_its_type(String type) {
        SseFixture fixture = SseFixture.named("01");

        assertThat(Metering.whole(fixture.bytes(), type, "")).isEqualTo(fixture.answer());
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/jsonl", "application/json+x", "text/event-streams", "", ";"})
    void finds_nothing_in_answers_of_other_types(String type) {
        assertThat(Metering.whole(bytes(MESSAGE), type, null)).isEqualTo(MeteredAnswer.NOTHING);
        try (UsageMeter meter = UsageMeter.forAnswer(null, null)) {
            meter.see(ByteBuffer.wrap(bytes(MESSAGE)));
            assertThat(meter.result()).isEqualTo(MeteredAnswer.NOTHING);
            assertThat(meter.awaitsFirstEvent()).isFalse();
            assertThat(meter.eventBorder()).isFalse();
            assertThat(meter.brokenOff()).isFalse();
        }
    }

    @Test
    void a_document_is_no_stream() {
        try (UsageMeter meter = UsageMeter.forAnswer(JSON, null)) {
            assertThat(meter.awaitsFirstEvent()).isFalse();
            assertThat(meter.eventBorder()).isFalse();
            assertThat(meter.brokenOff()).isFalse();
            assertThat(meter.firstEvent()).isNull();
            assertThat(meter.events()).isZero();
        }
    }

    @Test
    void garbage_neither_throws_nor_depends_on_how_it_is_cut() {
        Random random = new Random(43);
        for (int run = 0; run < 20_000; run++) {
            byte[] document = bytes(MESSAGE);
            for (int i = random.nextInt(3); i >= 0; i--) {
                document[random.nextInt(document.length)] = (byte) random.nextInt(128);
            }
            MeteredAnswer whole = Metering.whole(document, JSON, null);
            assertThat(Metering.inPieces(ByteBuffer.wrap(document), 1 + random.nextInt(90), JSON, null))
                    .isEqualTo(whole);
        }
    }

    @Test
    void random_bytes_of_any_type_and_coding_do_no_harm() {
        Random random = new Random(44);
        String[] codings = {null, "gzip", "deflate"};
        for (int run = 0; run < 20_000; run++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            MeteredAnswer found = Metering.whole(noise, run % 2 == 0 ? JSON : SSE, codings[run % 3]);
            assertThat(found.started()).isFalse();
            assertThat(found.complete()).isFalse();
        }
    }
}
