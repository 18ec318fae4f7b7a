package org.ccrelayer.internal.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccrelayer.internal.metering.Metering.JSON;
import static org.ccrelayer.internal.metering.Metering.SSE;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.ccrelayer.usage.MeteredAnswer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageMeterCodingTest {
    private static final byte[] DOCUMENT =
            "{\"content\":[],\"usage\":{\"input_tokens\":5}}".getBytes(StandardCharsets.UTF_8);

    static List<SseFixture> fixtures() {
        return SseFixture.all();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static void assertSameHoweverCut(SseFixture fixture, byte[] coded, String coding) {
        MeteredAnswer expected = fixture.answer();
        ByteBuffer heap = Metering.inTheMiddle(coded);
        ByteBuffer direct = Metering.direct(coded);
        for (int cut = 0; cut <= coded.length; cut++) {
            assertThat(Metering.cutAt(cut % 2 == 0 ? heap : direct, cut, SSE, coding))
                    .as("cut at %s", cut)
                    .isEqualTo(expected);
        }
        assertThat(Metering.inPieces(heap, 1, SSE, coding)).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void reads_gzip_as_if_it_were_plain(SseFixture fixture) throws Exception {
        assertSameHoweverCut(fixture, Metering.gzip(fixture.bytes()), "GZIP");
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void reads_deflate_as_if_it_were_plain(SseFixture fixture) throws Exception {
        assertSameHoweverCut(fixture, Metering.deflate(fixture.bytes(), false), "deflate");
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void reads_deflate_that_lacks_its_wrapping(SseFixture fixture) throws Exception {
        assertSameHoweverCut(fixture, Metering.deflate(fixture.bytes(), true), "deflate");
    }

    @ParameterizedTest
    @CsvSource({"gzip,true", "x-gzip,true", "' gzip, identity',true", "br,false", "zstd,false", "'gzip, gzip',false"})
    void reads_the_codings_it_knows(String coding, boolean known) throws Exception {
        MeteredAnswer found = Metering.whole(Metering.gzip(DOCUMENT), JSON, coding);

        assertThat(found.complete()).isEqualTo(known);
        assertThat(found.equals(MeteredAnswer.NOTHING)).isEqualTo(!known);
    }

    @Test
    void a_coded_stream_has_no_borders_to_append_at() throws Exception {
        try (UsageMeter meter = UsageMeter.forAnswer(SSE, "gzip")) {
            assertThat(meter.eventBorder()).isFalse();
            meter.see(ByteBuffer.wrap(Metering.gzip("event: ping\ndata: {}\n\n".getBytes(StandardCharsets.UTF_8))));
            assertThat(meter.events()).isEqualTo(1);
            assertThat(meter.eventBorder()).isFalse();
        }
    }

    @Test
    void events_are_seen_as_soon_as_their_bytes_were_flushed() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (UsageMeter meter = UsageMeter.forAnswer(SSE, "gzip");
                GZIPOutputStream gzip = new GZIPOutputStream(out, 512, true)) {
            for (int event = 1; event <= 3; event++) {
                gzip.write("event: content_block_stop\ndata: {}\n\n".getBytes(StandardCharsets.UTF_8));
                gzip.flush();
                meter.see(ByteBuffer.wrap(out.toByteArray()));
                out.reset();
                assertThat(meter.events()).isEqualTo(event);
            }
            assertThat(meter.brokenOff()).isTrue();
        }
    }

    @Test
    void a_coded_answer_that_is_cut_short_is_not_complete() throws Exception {
        byte[] plain = SseFixture.named("01").bytes();
        for (byte[] coded : List.of(Metering.gzip(plain), Metering.deflate(plain, false))) {
            String coding = coded[0] == 0x1F ? "gzip" : "deflate";
            for (int length = 0; length < coded.length - 20; length++) {
                MeteredAnswer found = Metering.whole(Arrays.copyOf(coded, length), SSE, coding);
                assertThat(found.complete()).as("%s bytes", length).isFalse();
            }
        }
    }

    @Test
    void all_parts_of_a_gzip_header_are_passed_over() throws Exception {
        byte[] gzip = Metering.gzip(DOCUMENT);
        byte[] body = Arrays.copyOfRange(gzip, 10, gzip.length);
        byte[] extra = {3, 0, 'a', 0, 'b'};
        byte[] names = {'n', 0, 'c', 'c', 0};
        byte[] checksum = {1, 2};
        for (int flags = 0; flags < 32; flags++) {
            byte[] header = {0x1F, (byte) 0x8B, 8, (byte) flags, 0, 0, 0, 0, 0, 0};
            byte[] coded = concat(
                    header,
                    (flags & 4) == 0 ? new byte[0] : flags < 16 ? extra : new byte[2],
                    (flags & 8) == 0 ? new byte[0] : Arrays.copyOf(names, 2),
                    (flags & 16) == 0 ? new byte[0] : Arrays.copyOfRange(names, 2, 5),
                    (flags & 2) == 0 ? new byte[0] : checksum,
                    body);
            for (int piece : new int[] {1, coded.length}) {
                assertThat(Metering.inPieces(ByteBuffer.wrap(coded), piece, JSON, "gzip")
                                .complete())
                        .as("flags %s", flags)
                        .isTrue();
            }
        }
    }

    @Test
    void gzip_may_come_in_several_members_and_with_padding() throws Exception {
        byte[] first = Metering.gzip(Arrays.copyOf(DOCUMENT, 10));
        byte[] second = Metering.gzip(Arrays.copyOfRange(DOCUMENT, 10, DOCUMENT.length));
        for (int piece = 1; piece < 40; piece++) {
            byte[] coded = concat(first, second, new byte[30]);
            assertThat(Metering.inPieces(ByteBuffer.wrap(coded), piece, JSON, "gzip")
                            .complete())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void what_cannot_be_decoded_is_not_waited_for(String coding) {
        try (UsageMeter meter = UsageMeter.forAnswer(SSE, coding)) {
            assertThat(meter.awaitsFirstEvent()).isTrue();
            meter.see(ByteBuffer.wrap("event: ping\n".repeat(99).getBytes(StandardCharsets.UTF_8)));
            assertThat(meter.awaitsFirstEvent()).isFalse();
            assertThat(meter.brokenOff()).isFalse();
            assertThat(meter.result()).isEqualTo(MeteredAnswer.NOTHING);
        }
    }

    @Test
    void an_answer_that_decodes_to_more_than_its_bound_is_read_no_further() throws Exception {
        byte[] coded = Metering.gzip(
                (" ".repeat(100_000) + new String(DOCUMENT, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
        int whole = 100_000 + DOCUMENT.length;
        for (long bound : new long[] {whole, whole - 1}) {
            try (UsageMeter meter = UsageMeter.forAnswer(JSON, "gzip", bound)) {
                meter.see(ByteBuffer.wrap(coded));
                assertThat(meter.result().complete()).isEqualTo(bound == whole);
            }
        }
    }

    @Test
    void the_result_outlives_the_meter() throws Exception {
        UsageMeter meter = UsageMeter.forAnswer(JSON, "gzip");
        meter.see(ByteBuffer.wrap(Metering.gzip(DOCUMENT)));
        meter.close();
        meter.close();
        meter.see(ByteBuffer.wrap(Metering.gzip(DOCUMENT)));

        assertThat(meter.result().complete()).isTrue();
    }
}
