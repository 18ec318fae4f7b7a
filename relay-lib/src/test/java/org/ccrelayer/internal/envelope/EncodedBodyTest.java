package org.ccrelayer.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.testkit.InMemoryRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedBodyTest {
    private static final String BODY =
            "{\"model\":\"m\",\"stream\":true,\"system\":[{\"cache_control\":{}}],\"messages\":[{\"content\":\""
                    + random(40_000) + "\"}]}";

    private final Bench bench = new Bench();

    @AfterEach
    void everything_is_given_back() {
        bench.assertIdle();
    }

    private static String random(int length) {
        Random random = new Random(5);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(Bench.utf8(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] deflate(String text, boolean bare) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, bare);
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(out, deflater)) {
            deflated.write(Bench.utf8(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            deflater.end();
        }
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static InMemoryRequest request(String coding) {
        return Bench.request().header("Content-Encoding", coding);
    }

    private void assertRead(String coding, byte[] bytes, int piece) {
        Envelope envelope =
                bench.read(request(coding).body(Bench.pieces(bytes, piece))).envelope();
        assertThat(envelope.facts().model()).isEqualTo("m");
        assertThat(envelope.facts().stream()).isTrue();
        assertThat(Bench.drain(envelope.body().open())).isEqualTo(bytes);
        envelope.body().release();
    }

    private RelayException refused(String coding, byte[] bytes) {
        return bench.read(request(coding).body(bytes)).failure();
    }

    private void assertCorrupt(String coding, byte[] bytes) {
        RelayException failure = refused(coding, bytes);
        assertThat(failure.outcome()).isEqualTo(Outcome.INVALID_REQUEST);
        assertThat(failure).hasMessage("content-encoding: the request body is not valid " + coding);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "GZip", " gzip "})
    void is_looked_into_and_kept_as_it_came(String coding) {
        for (int piece : new int[] {1, 7, 1000, 1_000_000}) {
            assertRead(coding, gzip(BODY), piece);
        }
    }

    @Test
    void is_read_as_deflate_with_its_frame_or_without() {
        for (int piece : new int[] {1, 2, 3, 1000, 1_000_000}) {
            assertRead("deflate", deflate(BODY, false), piece);
            assertRead("deflate", deflate(BODY, true), piece);
        }
    }

    @Test
    void is_plain_where_it_says_so() {
        assertRead("identity", Bench.utf8(BODY), 1000);
        assertRead("", Bench.utf8(BODY), 1000);
    }

    @Test
    void has_no_positions() {
        Envelope envelope = bench.read(request("gzip").body(gzip(BODY))).envelope();
        assertThat(envelope.facts().modelStart()).isEqualTo(-1);
        assertThat(envelope.facts().modelEnd()).isEqualTo(-1);
        assertThat(envelope.facts().cacheBreakpoints())
                .containsExactly(new CacheBreakpoint(CacheBreakpoint.Section.SYSTEM, 0, -1, "5m"));
        envelope.body().release();
    }

    @Test
    void may_be_gzip_of_several_members() {
        byte[] members = join(
                gzip(BODY.substring(0, 5)), gzip(""), gzip(BODY.substring(5, 30_000)), gzip(BODY.substring(30_000)));
        for (int piece : new int[] {1, 1000, 1_000_000}) {
            assertRead("gzip", members, piece);
        }
    }

    @Test
    void may_be_gzip_with_every_optional_field() {
        byte[] plain = gzip("{\"model\":\"m\",\"stream\":true}");
        for (int flags = 0; flags < 32; flags++) {
            byte[] head = Arrays.copyOf(plain, 10);
            head[3] = (byte) flags;
            byte[] extra = (flags & 4) == 0 ? new byte[0] : new byte[] {3, 0, 0, 1, 2};
            byte[] name = (flags & 8) == 0 ? new byte[0] : Bench.utf8("name\0");
            byte[] comment = (flags & 16) == 0 ? new byte[0] : Bench.utf8("comment\0");
            byte[] checksum = new byte[0];
            if ((flags & 2) != 0) {
                CRC32 crc = new CRC32();
                crc.update(join(head, extra, name, comment));
                checksum = new byte[] {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};
            }
            byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);
            assertRead("gzip", join(head, extra, name, comment, checksum, rest), 1);
        }
        byte[] emptyExtra = join(Arrays.copyOf(plain, 10), new byte[2], Arrays.copyOfRange(plain, 10, plain.length));
        emptyExtra[3] = 4;
        assertRead("gzip", emptyExtra, 1);
        byte[] longExtra = join(
                Arrays.copyOf(plain, 10),
                new byte[] {44, 1},
                new byte[300],
                Arrays.copyOfRange(plain, 10, plain.length));
        longExtra[3] = 4;
        assertRead("gzip", longExtra, 1);
    }

    @Test
    void is_refused_where_it_is_cut_off_anywhere() {
        String small = "{\"model\":\"m\",\"x\":\"" + random(50) + "\"}";
        byte[] gzip = gzip(small);
        for (int length = 0; length < gzip.length; length++) {
            assertCorrupt("gzip", Arrays.copyOf(gzip, length));
        }
        for (boolean bare : new boolean[] {false, true}) {
            byte[] deflate = deflate(small, bare);
            for (int length = 0; length < deflate.length; length++) {
                assertCorrupt("deflate", Arrays.copyOf(deflate, length));
            }
        }
    }

    @Test
    void is_refused_where_something_follows() {
        assertCorrupt("gzip", join(gzip(BODY), new byte[1]));
        assertCorrupt("gzip", join(gzip(BODY), Bench.utf8("garbage")));
        assertCorrupt("gzip", join(gzip(BODY), Arrays.copyOf(gzip(BODY), 4)));
        assertCorrupt("deflate", join(deflate(BODY, false), new byte[1]));
        assertCorrupt("deflate", join(deflate(BODY, true), new byte[1]));
    }

    @Test
    void is_refused_where_it_is_damaged() {
        byte[] gzip = gzip(BODY);
        for (int at : new int[] {0, 1, 2, gzip.length - 1, gzip.length - 4, gzip.length - 5, gzip.length - 8}) {
            byte[] damaged = gzip.clone();
            damaged[at] ^= 0x40;
            assertCorrupt("gzip", damaged);
        }
        byte[] reserved = gzip.clone();
        reserved[3] = (byte) 0x80;
        assertCorrupt("gzip", reserved);
        assertCorrupt("gzip", Bench.utf8(BODY));
        assertThat(refused("deflate", Bench.utf8(BODY)).outcome()).isEqualTo(Outcome.INVALID_REQUEST);
        byte[] dictionary = deflate(BODY, false);
        dictionary[0] = 0x78;
        dictionary[1] = (byte) 0xBB;
        assertCorrupt("deflate", dictionary);
    }

    @Test
    void is_held_to_the_same_rules_once_decoded() {
        assertThat(refused("gzip", gzip("{\"model\":\"m\",}")))
                .hasMessage("The decoded request body is not valid JSON at byte 13");
        assertThat(refused("gzip", gzip("[]"))).hasMessage("The decoded request body is not a JSON object.");
        assertThat(refused("deflate", deflate("{}", false))).hasMessage("model: must be a text that is not empty");
    }

    @Test
    void may_not_blow_up() {
        byte[] spaces = gzip(" ".repeat(Bench.MIB));
        byte[][] bomb = new byte[1100][];
        Arrays.fill(bomb, spaces);
        byte[] many = join(bomb);
        assertThat(many).hasSizeBetween(Bench.MIB, 2 * Bench.MIB);
        assertTooLarge("gzip", many);
        assertTooLarge("gzip", gzip(" ".repeat(33 * Bench.MIB)));
        assertTooLarge("deflate", deflate(" ".repeat(33 * Bench.MIB), true));
    }

    private void assertTooLarge(String coding, byte[] bytes) {
        InMemoryRequest request = request(coding).body(bytes);
        long before = Allocation.ofThisThread();
        RelayException failure = bench.read(request).failure();
        assertThat(Allocation.ofThisThread() - before).isLessThan(3L * Bench.MIB);
        assertThat(failure.outcome()).isEqualTo(Outcome.BODY_TOO_LARGE);
        assertThat(failure).hasMessage("The decoded request body is larger than 33554432 bytes.");
    }

    @Test
    void may_be_just_as_long_as_allowed_once_decoded() {
        Bench small = new Bench(Bench.MIB, 100_000);
        String body = "{\"model\":\"m\"" + " ".repeat(100_000 - 13) + "}";
        small.read(request("gzip").body(gzip(body))).envelope().body().release();
        assertThat(small.read(request("gzip").body(gzip(body + " "))).failure().outcome())
                .isEqualTo(Outcome.BODY_TOO_LARGE);
        small.assertIdle();
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "gzip, gzip", "identity, gzip", "compress", "\"gzip\"", "gzip;q=1", "*"})
    void is_refused_unread_with_another_coding(String coding) {
        InMemoryRequest request = request(coding).body(gzip(BODY));
        assertUnsupported(request);
        InMemoryRequest twice =
                request("gzip").header("content-encoding", "gzip").body(gzip(BODY));
        assertUnsupported(twice);
    }

    private void assertUnsupported(InMemoryRequest request) {
        RelayException failure = bench.read(request).failure();
        assertThat(failure.outcome()).isEqualTo(Outcome.UNSUPPORTED_ENCODING);
        assertThat(failure).hasMessage("content-encoding: supported is one of gzip, x-gzip, deflate and identity.");
        assertThat(request.pendingPieces()).isEqualTo(1);
    }
}
