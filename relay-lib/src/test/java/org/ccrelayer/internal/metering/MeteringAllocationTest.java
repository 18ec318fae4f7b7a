package org.ccrelayer.internal.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ccrelayer.internal.metering.Metering.SSE;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The events that make up nearly all of a stream leave no garbage behind. */
class MeteringAllocationTest {
    private static final int EVENTS = 10_000;
    private static final int PASSES = 5;
    private static final long NOISE_BYTES = 64;
    private static final String[] TEXTS = {
        "one", "two and a longer piece of text, such as a model says", "äöü \\u00e9 \\\"🚀\\\"", "four\\n"
    };

    private static byte[] deltas() {
        StringBuilder stream = new StringBuilder();
        for (int i = 0; i < EVENTS; i++) {
            stream.append("event: content_block_delta\r\ndata: {\"type\":\"content_block_delta\",\"index\":")
                    .append(i / 1000)
                    .append(",\"delta\":{\"type\":\"text_delta\",\"text\":\"")
                    .append(TEXTS[i % TEXTS.length])
                    .append("\"}}\r\n\r\n");
        }
        stream.append("event: ping\ndata: {}\n\nevent: later\nid: 1\ndata: {}\n\n: comment\ndata: {}\n\n");
        return stream.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static long allocatedBy(UsageMeter meter, ByteBuffer stream, int piece) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int at = 0; at < stream.capacity(); at += piece) {
            stream.limit(Math.min(stream.capacity(), at + piece)).position(at);
            meter.see(stream);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static void assertAllocatesNothing(ByteBuffer stream, int piece) {
        try (UsageMeter meter = UsageMeter.forAnswer(SSE, null)) {
            // What the platform allocates now and then is not in every pass; what reading allocates would be.
            long least = LongStream.range(0, PASSES)
                    .map(pass -> allocatedBy(meter, stream, piece))
                    .min()
                    .orElseThrow();
            assertThat(least).isLessThanOrEqualTo(NOISE_BYTES);
            assertThat(meter.events()).isEqualTo(PASSES * (EVENTS + 3));
        }
    }

    @Test
    void reading_deltas_allocates_nothing() {
        assertAllocatesNothing(ByteBuffer.wrap(deltas()), 4096);
    }

    @Test
    void reading_deltas_in_small_pieces_allocates_nothing() {
        assertAllocatesNothing(ByteBuffer.wrap(deltas()), 97);
    }

    @Test
    void reading_deltas_outside_of_the_heap_allocates_nothing() {
        assertAllocatesNothing(Metering.direct(deltas()), 30_000);
    }
}
