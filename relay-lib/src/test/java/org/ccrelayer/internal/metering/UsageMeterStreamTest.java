package org.ccrelayer.internal.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccrelayer.internal.metering.Metering.SSE;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.ccrelayer.usage.MeteredAnswer;
import org.ccrelayer.usage.Tokens;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageMeterStreamTest {
    private static final String START = "{\"message\":{\"id\":\"m\",\"model\":\"c\",\"usage\":{\"input_tokens\":5}}}";

    private final UsageMeter meter = UsageMeter.forAnswer(SSE, null);

    @AfterEach
    void close() {
        meter.close();
    }

    static Stream<SseFixture> fixtures() {
        return SseFixture.all().stream().flatMap(SseFixture::withAllLineEnds);
    }

    private void event(String name, String data) {
        see("event: " + name + "\ndata: " + data + "\n\n");
    }

    private void see(String text) {
        meter.see(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void finds_the_usage_of_a_stream_however_it_is_cut_in_two(SseFixture fixture) {
        MeteredAnswer expected = fixture.answer();
        ByteBuffer heap = Metering.inTheMiddle(fixture.bytes());
        for (int cut = 0; cut <= fixture.bytes().length; cut++) {
            assertThat(Metering.cutAt(heap, cut, SSE, null))
                    .as("cut at %s", cut)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("org.ccrelayer.internal.metering.SseFixture#all")
    void finds_the_usage_of_a_stream_outside_of_the_heap(SseFixture fixture) {
        MeteredAnswer expected = fixture.answer();
        ByteBuffer direct = Metering.direct(fixture.bytes());
        for (int cut = 0; cut <= fixture.bytes().length; cut++) {
            assertThat(Metering.cutAt(direct, cut, SSE, null))
                    .as("cut at %s", cut)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void finds_the_usage_of_a_stream_in_pieces_of_any_size(SseFixture fixture) {
        MeteredAnswer expected = fixture.answer();
        ByteBuffer heap = Metering.inTheMiddle(fixture.bytes());
        ByteBuffer direct = Metering.direct(fixture.bytes());
        for (int piece = 1; piece <= 64; piece++) {
            assertThat(Metering.inPieces(heap, piece, SSE, null))
                    .as("pieces of %s", piece)
                    .isEqualTo(expected);
            assertThat(Metering.inPieces(direct, piece, SSE, null))
                    .as("pieces of %s", piece)
                    .isEqualTo(expected);
        }
    }

    @Test
    void the_texts_of_the_examples_have_as_many_characters_as_are_counted() {
        assertThat(SseFixture.named("07").answer().outputCharacters())
                .isEqualTo(SseFixture.named("07")
                        .expected()
                        .string("text")
                        .orElseThrow()
                        .codePoints()
                        .count());
        assertThat(SseFixture.named("03").answer().outputCharacters()).isEqualTo(17 + 35);
    }

    @Test
    void later_usage_replaces_and_never_adds() {
        event("message_start", START);
        event("message_delta", "{\"usage\":{\"output_tokens\":7,\"input_tokens\":null}}");
        event("message_delta", "{\"usage\":{\"output_tokens\":9}}");

        assertThat(meter.result().usage().totals()).isEqualTo(new Tokens(5, 9, 0, 0, 0));
    }

    @Test
    void without_message_stop_a_stream_is_broken_off() {
        event("message_start", START);
        meter.end();

        assertThat(meter.brokenOff()).isTrue();
        assertThat(meter.complete()).isFalse();
        assertThat(meter.result().started()).isTrue();
    }

    @Test
    void with_message_stop_a_stream_is_complete() {
        event("message_start", START);
        event("message_stop", "{}");

        assertThat(meter.brokenOff()).isFalse();
        assertThat(meter.complete()).isTrue();
        assertThat(meter.result().complete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"not JSON", "[]", "{\"error\":5}", "{\"error\":{\"type\":7}}", "{\"a\":1,\"a\":2}"})
    void an_error_that_cannot_be_read_is_an_error_all_the_same(String data) {
        event("error", data);
        event("message_stop", "{}");

        assertThat(meter.result().errorType()).isEqualTo("unknown_error");
        assertThat(meter.result().complete()).isFalse();
        assertThat(meter.complete()).isFalse();
        assertThat(meter.brokenOff()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"message_start", "message_delta"})
    void an_answer_with_usage_that_cannot_be_read_ends_properly_but_is_not_metered_to_its_end(String name) {
        event("message_start", START);
        event(name, "{\"usage\":{\"output_tokens\":9},\"usage\":{}}");
        event("message_stop", "{}");

        assertThat(meter.complete()).isTrue();
        assertThat(meter.result().complete()).isFalse();
        assertThat(meter.result().usage().totals()).isEqualTo(new Tokens(5, 0, 0, 0, 0));
    }

    @Test
    void an_overlong_message_delta_is_passed_over_and_the_stream_read_on() {
        event("message_start", START);
        event(
                "message_delta",
                "{\"pad\":\"" + "x".repeat(SseScanner.MAX_DATA_BYTES) + "\",\"usage\":{\"output_tokens\":9}}");
        event("message_stop", "{}");

        assertThat(meter.complete()).isTrue();
        assertThat(meter.result().complete()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "content_block_start | {'content_block':{'type':'text','text':''}} | false | 0",
                "content_block_start | {'content_block':{'type':'text','text':'ab'}} | true | 2",
                "content_block_start | {'content_block':{'type':'thinking','thinking':'','signature':''}} | false | 0",
                "content_block_start | {'content_block':{'type':'compaction','content':null}} | false | 0",
                "content_block_start | {'content_block':{'type':'tool_use','name':'n','input':{}}} | true | 0",
                "content_block_start | {'content_block':{'type':'redacted_thinking','data':'x'}} | true | 0",
                "content_block_start | {'content_block':{'nested':{'type':'tool_use','text':'x'}}} | false | 0",
                "content_block_start | not JSON | false | 0",
                "content_block_stop | {} | false | 0",
                "content_block_delta | {'delta':{'type':'text_delta','text':''}} | false | 0",
                "content_block_delta | {'delta':{'text':'a\\u00e9\\ud83d\\ude80\\n'}} | true | 4",
                "content_block_delta | {'delta':{'partial_json':'{}'},'index':0} | true | 2",
                "content_block_delta | {'delta':{'signature':'abc'}} | true | 0",
                "content_block_delta | {'delta':{'citation':{'text':'abc'}}} | true | 0",
                "content_block_delta | {'delta':['text','abc'],'text':'abc'} | true | 0",
                "content_block_delta | {'delta':{'text':'a'},'other':{'text':'bcd'}} | true | 1",
                "content_block_delta | {'other':{'text':'abc'}} | true | 0",
                "content_block_delta | {'delta':{'text':'abc'},} | true | 3",
                "content_block_delta | not JSON | true | 0",
                "ping | {'delta':{'text':'abc'}} | false | 0",
            })
    void knows_whether_an_event_delivers_content(String name, String data, boolean content, long characters) {
        event(name, data.replace('\'', '"'));

        assertThat(meter.result().contentStarted()).isEqualTo(content);
        assertThat(meter.result().outputCharacters()).isEqualTo(characters);
    }

    @Test
    void what_malformed_events_leave_behind_does_not_reach_the_next_one() {
        event("content_block_delta", "{\"delta\":{\"text\":\"abc");
        event("content_block_delta", "{\"delta\":{\"text\":\"de\"}}");
        event("content_block_start", "{\"content_block\":{\"text\":");
        event("content_block_delta", "{\"content_block\":{\"text\":\"f\"}}");

        assertThat(meter.result().outputCharacters()).isEqualTo(2);
    }

    @Test
    void an_unfinished_event_counts_for_nothing() {
        see("event: content_block_delta\ndata: {\"delta\":{\"text\":\"abc\"}}\n");
        meter.end();

        assertThat(meter.result()).isEqualTo(MeteredAnswer.NOTHING);
        assertThat(meter.events()).isZero();
    }

    @Test
    void events_that_begin_alike_are_counted_each_by_its_own_text() {
        String[] beginnings = {
            "{\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"",
            "{\"index\":0,\"delta\":{\"type\":\"text_delta\",\"sext\":\"",
            "{\"index\":1,\"delta\":{\"thinking\":\"",
            "{\"delta\":{\"text\":\"",
            "{\"delta\":{\"signature\":\"x\",\"text\":\"",
            "{\"delta\":{\"text\":\"x\",\"text\":\"",
            "{\"pad\":\"" + "x".repeat(200) + "\",\"delta\":{\"text\":\"",
        };
        int[] counted = {1, 0, 1, 1, 1, 2, 1};
        Random random = new Random(7);
        long expected = 0;
        for (int i = 0; i < 2_000; i++) {
            int kind = random.nextInt(3) > 0 ? i / 100 % beginnings.length : random.nextInt(beginnings.length);
            int length = random.nextInt(9);
            String text = "ü".repeat(length);
            event("content_block_delta", beginnings[kind] + text + "\"}}");
            expected += kind == 5 ? 1 + length : (long) counted[kind] * length;
        }

        assertThat(meter.result().outputCharacters()).isEqualTo(expected);
    }

    @Test
    void waits_for_the_first_event_that_is_no_ping() {
        assertThat(meter.awaitsFirstEvent()).isTrue();
        event("ping", "{}");
        assertThat(meter.awaitsFirstEvent()).isTrue();
        assertThat(meter.firstEvent()).isNull();
        event("error", "{\"error\":{\"type\":\"overloaded_error\"}}");
        assertThat(meter.awaitsFirstEvent()).isFalse();
        assertThat(meter.firstEvent()).isEqualTo(EventKind.ERROR);
        assertThat(meter.result().errorType()).isEqualTo("overloaded_error");
    }

    @Test
    void a_stream_that_ends_or_is_closed_awaits_nothing_and_reads_nothing() {
        meter.end();
        event("message_start", START);
        assertThat(meter.awaitsFirstEvent()).isFalse();
        assertThat(meter.events()).isZero();
        meter.close();
        meter.close();
        event("message_start", START);
        assertThat(meter.result()).isEqualTo(MeteredAnswer.NOTHING);
    }

    @Test
    void knows_event_borders() {
        assertThat(meter.eventBorder()).isTrue();
        see("event: ping\ndata: {}\n");
        assertThat(meter.eventBorder()).isFalse();
        see("\n");
        assertThat(meter.eventBorder()).isTrue();
        assertThat(meter.events()).isEqualTo(1);
    }

    @Test
    void garbage_neither_throws_nor_depends_on_how_it_is_cut() {
        Random random = new Random(42);
        SseFixture[] fixtures = SseFixture.all().toArray(SseFixture[]::new);
        for (int run = 0; run < 20_000; run++) {
            byte[] stream = fixtures[run % fixtures.length].bytes().clone();
            for (int i = random.nextInt(20); i >= 0; i--) {
                stream[random.nextInt(stream.length)] = (byte) random.nextInt(256);
            }
            MeteredAnswer whole = Metering.whole(stream, SSE, null);
            assertThat(Metering.inPieces(ByteBuffer.wrap(stream), 1 + random.nextInt(40), SSE, null))
                    .isEqualTo(whole);
        }
    }
}
