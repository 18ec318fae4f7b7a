package org.ccrelayer.internal.metering;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.ccrelayer.usage.MeteredAnswer;
import org.jspecify.annotations.Nullable;

/** Ways to hand an answer to a meter. */
final class Metering {
    static final String SSE = "text/event-stream";
    static final String JSON = "application/json";

    private Metering() {}

    static MeteredAnswer whole(byte[] answer, String type, @Nullable String coding) {
        return inPieces(ByteBuffer.wrap(answer), Math.max(1, answer.length), type, coding);
    }

    static MeteredAnswer cutAt(ByteBuffer answer, int cut, String type, @Nullable String coding) {
        try (UsageMeter meter = UsageMeter.forAnswer(type, coding)) {
            see(meter, answer, 0, cut);
            see(meter, answer, cut, answer.capacity());
            meter.end();
            return meter.result();
        }
    }

    static MeteredAnswer inPieces(ByteBuffer answer, int piece, String type, @Nullable String coding) {
        try (UsageMeter meter = UsageMeter.forAnswer(type, coding)) {
            for (int at = 0; at < answer.capacity(); at += piece) {
                see(meter, answer, at, Math.min(answer.capacity(), at + piece));
            }
            meter.end();
            return meter.result();
        }
    }

    static void see(UsageMeter meter, ByteBuffer answer, int from, int to) {
        answer.limit(to).position(from);
        meter.see(answer);
        assertThat(answer.position()).isEqualTo(from);
        assertThat(answer.limit()).isEqualTo(to);
    }

    /** The same bytes outside of the heap. */
    static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).clear();
    }

    /** The same bytes somewhere within a larger array. */
    static ByteBuffer inTheMiddle(byte[] bytes) {
        return ByteBuffer.allocate(bytes.length + 20)
                .position(7)
                .slice()
                .limit(bytes.length)
                .slice()
                .put(bytes)
                .clear();
    }

    static byte[] gzip(byte[] plain) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    static byte[] deflate(byte[] plain, boolean raw) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, raw);
        try (DeflaterOutputStream stream = new DeflaterOutputStream(out, deflater)) {
            stream.write(plain);
        } finally {
            deflater.end();
        }
        return out.toByteArray();
    }
}
