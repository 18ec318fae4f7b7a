package org.ccrelayer.internal.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SseScannerTest {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final EventLog log = new EventLog();
    private final SseScanner scanner = new SseScanner(log);

    static Stream<SseFixture> fixtures() {
        return SseFixture.all().stream().flatMap(SseFixture::withAllLineEnds);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private void feed(String text) {
        byte[] bytes = bytes(text);
        scanner.feed(bytes, 0, bytes.length);
    }

    private static EventLog inPieces(byte[] stream, int piece) {
        EventLog log = new EventLog();
        SseScanner scanner = new SseScanner(log);
        for (int at = 0; at < stream.length; at += piece) {
            scanner.feed(stream, at, Math.min(stream.length, at + piece));
        }
        assertThat(scanner.events()).isEqualTo(log.kinds.size());
        return log;
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void finds_the_events_of_a_stream_however_it_is_cut_in_two(SseFixture fixture) {
        byte[] stream = fixture.bytes();
        List<String> expected = EventLog.expected(stream);
        for (int cut = 0; cut <= stream.length; cut++) {
            EventLog found = new EventLog();
            SseScanner halves = new SseScanner(found);
            halves.feed(stream, 0, cut);
            halves.feed(Arrays.copyOfRange(stream, cut, stream.length), 0, stream.length - cut);
            assertThat(found.kinds).as("cut at %s", cut).isEqualTo(fixture.kinds());
            assertThat(found.lines).as("cut at %s", cut).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void finds_the_events_of_a_stream_in_pieces_of_any_size(SseFixture fixture) {
        List<String> expected = EventLog.expected(fixture.bytes());
        for (int piece = 1; piece <= 64; piece++) {
            assertThat(inPieces(fixture.bytes(), piece).lines)
                    .as("pieces of %s", piece)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void passes_over_a_byte_order_mark(SseFixture fixture) {
        byte[] marked = concat(BYTE_ORDER_MARK, fixture.bytes());
        for (int piece : new int[] {1, 2, 3, 4, marked.length}) {
            assertThat(inPieces(marked, piece).kinds).isEqualTo(fixture.kinds());
        }
    }

    @Test
    void a_byte_order_mark_that_is_cut_short_makes_the_line_unknown() {
        byte[] stream = concat(Arrays.copyOf(BYTE_ORDER_MARK, 2), bytes("event: ping\ndata: 1\n\n"));

        assertThat(inPieces(stream, 1).kinds).containsExactly(EventKind.MESSAGE);
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void knows_at_every_byte_whether_it_is_between_events(SseFixture fixture) {
        byte[] stream = concat(BYTE_ORDER_MARK, fixture.bytes());
        for (int from : new int[] {0, BYTE_ORDER_MARK.length}) {
            SseScanner bytewise = new SseScanner(new EventLog());
            assertThat(bytewise.atEventBorder()).isTrue();
            for (int at = from; at < stream.length; at++) {
                bytewise.feed(stream, at, at + 1);
                byte[] prefix = Arrays.copyOfRange(stream, from, at + 1);
                boolean halfAMark = from == 0 && at < BYTE_ORDER_MARK.length - 1;
                assertThat(bytewise.atEventBorder())
                        .as("after %s bytes", prefix.length)
                        .isEqualTo(ReferenceParser.endsAtBorder(prefix) && !halfAMark);
            }
        }
    }

    @Test
    void an_event_that_is_appended_at_a_border_stands_for_itself() {
        byte[] error = bytes("event: error\ndata: {}\n\n");
        for (SseFixture fixture : fixtures().toList()) {
            for (int cut = 0; cut <= fixture.bytes().length; cut++) {
                EventLog found = new EventLog();
                SseScanner cutOff = new SseScanner(found);
                cutOff.feed(fixture.bytes(), 0, cut);
                int before = found.lines.size();
                if (cutOff.atEventBorder()) {
                    cutOff.feed(error, 0, error.length);
                    assertThat(found.lines).hasSize(before + 1).last().isEqualTo("ERROR{}");
                }
            }
        }
    }

    @Test
    void a_comment_does_not_open_an_event_but_a_half_one_is_no_border() {
        feed(": waiting");
        assertThat(scanner.atEventBorder()).isFalse();
        feed("\n");
        assertThat(scanner.atEventBorder()).isTrue();
        feed("retry: 10\n");
        assertThat(scanner.atEventBorder()).isFalse();
        feed(": still the same event\n");
        assertThat(scanner.atEventBorder()).isFalse();
        feed("\n");
        assertThat(scanner.atEventBorder()).isTrue();
        assertThat(scanner.events()).isZero();
    }

    @Test
    void an_event_without_data_is_none() {
        feed("event: message_stop\n\nevent: error\nid: 1\n\n");

        assertThat(log.lines).isEmpty();
        assertThat(scanner.first()).isNull();
    }

    @Test
    void a_name_does_not_outlive_its_event() {
        feed("event: error\n\ndata: {}\n\n");

        assertThat(log.kinds).containsExactly(EventKind.MESSAGE);
    }

    @Test
    void takes_away_one_space_and_joins_lines() {
        feed("event:error\ndata:  two\ndata:none\ndata\ndata:\ndata: \n\n");

        assertThat(log.lines).containsExactly("ERROR two\nnone\n\n\n");
    }

    @Test
    void the_name_may_follow_the_data() {
        feed("data: {1}\nevent: error\n\ndata: {2}\nevent: content_block_delta\n\ndata: {3}\nevent: ping\n\n");

        assertThat(log.lines).containsExactly("ERROR{1}", "CONTENT_BLOCK_DELTA{2}", "PING");
    }

    @Test
    void the_last_name_counts_and_data_that_was_not_kept_under_an_earlier_one_is_lost() {
        feed("event: ping\ndata: {1}\nevent: error\n\nevent: ping\nevent: error\ndata: {2}\n\n");

        assertThat(log.lines).containsExactly("ERRORlost", "ERROR{2}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"content_block_delta_and_something_that_is_much_longer_than_any_name", "errors", "erro", "Error"
            })
    void a_name_that_is_not_known_is_another(String name) {
        feed("event: " + name + "\ndata: {}\n\nevent: ping\ndata: {}\n\n");

        assertThat(log.kinds).containsExactly(EventKind.OTHER, EventKind.PING);
    }

    @Test
    void a_field_that_is_not_known_is_passed_over() {
        feed("events: error\ndat: 1\ndata2: 2\n" + "x".repeat(500) + ": 3\n\nevent: error\ndata: {}\n\n");

        assertThat(log.lines).containsExactly("ERROR{}");
    }

    @Test
    void tells_the_first_event_that_is_no_ping_once_it_is_complete() {
        feed(": hello\n\nevent: ping\ndata: {}\n\nevent: error\ndata: {}\n");
        assertThat(scanner.first()).isNull();
        feed("\n");
        assertThat(scanner.first()).isEqualTo(EventKind.ERROR);
        feed("event: message_start\ndata: {}\n\n");
        assertThat(scanner.first()).isEqualTo(EventKind.ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"event: error\n", ""})
    void data_is_kept_up_to_its_bound_and_lost_beyond(String nameFirst) {
        String most = "x".repeat(SseScanner.MAX_DATA_BYTES);
        feed(nameFirst + "data: " + most + "\nevent: error\n\n");
        feed(nameFirst + "data: " + most + "y\nevent: error\n\n");
        feed(nameFirst + "data: {}\nevent: error\n\n");

        assertThat(log.lines).containsExactly("ERROR" + most, "ERRORlost", "ERROR{}");
    }

    @Test
    void finds_what_the_reference_finds_in_streams_of_all_shapes() {
        String[] parts = {
            "event",
            "data",
            "id",
            ":",
            ": ",
            " ",
            "\n",
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            "event: error\n",
            "event:message_start",
            "event: content_block_delta",
            "content_block_stop",
            "ping",
            "data: {\"a\":1}\n",
            "data:é",
            "\ufeff",
            "\0",
            "x"
        };
        Random random = new Random(20261122);
        for (int run = 0; run < 20_000; run++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(30); i >= 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            byte[] stream = bytes(text.toString());
            assertThat(inPieces(stream, 1 + random.nextInt(12)).lines)
                    .as("run %s", run)
                    .isEqualTo(EventLog.expected(stream));
        }
    }
}
