package org.ccrelayer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.ccrelayer.ConfigKey;
import org.ccrelayer.simulated.SimulatedClaude;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.junit.jupiter.api.Test;

/** The part of {@link AdapterContract} that is about much at once, and about what is left of it. */
abstract class AdapterLoadContract extends AdapterEndContract {
    private static final long MEBIBYTE = 1024 * 1024;
    private static final int PIECE = 64 * 1024;
    private static final int PIECES = 200 * 16;
    private static final int ROUNDS = 10;

    /** What a relay in memory keeps of each answer: its rows in the ledger. */
    private static final long KEPT_BYTES = 1024;

    /** How many streams there are in a storm; one in fifty is aborted. */
    protected int streams() {
        return 4_000;
    }

    /** How many buffers of the relay may be lost to the storm's aborts. */
    protected int lostBuffers() {
        return 0;
    }

    @Test
    void a_client_that_stops_reading_stops_its_upstream_and_nothing_piles_up() throws Exception {
        AtomicLong sent = new AtomicLong();
        CRC32 told = new CRC32();
        try (RawUpstream raw = RawUpstream.answering((head, out) -> {
            out.write(RawUpstream.bytes("HTTP/1.1 200 OK\r\ncontent-type: application/octet-stream\r\ncontent-length: "
                    + PIECES * (long) PIECE + "\r\n\r\n"));
            byte[] piece = new byte[PIECE];
            new Random(1).nextBytes(piece);
            for (int number = 0; number < PIECES; number++) {
                ByteBuffer.wrap(piece).putInt(number);
                told.update(piece);
                out.write(piece);
                sent.addAndGet(PIECE);
            }
        })) {
            answerFrom(raw);
            try (RawClient client = client()) {
                long before = Memory.heap();
                RawClient.Head head =
                        client.post("/v1/messages", fixture().key(), PLAIN).readHead();
                CRC32 seen = new CRC32();
                client.skim(PIECE, seen);
                Wait.until("the upstream to stall", () -> stalled(sent));
                assertThat(Memory.heap() - before)
                        .as("bytes of heap for a stalled answer")
                        .isLessThan(2 * MEBIBYTE);
                assertThat(sent.get()).isLessThan(24 * MEBIBYTE);
                client.skim((PIECES - 1L) * PIECE, seen);
                assertThat(seen.getValue()).isEqualTo(told.getValue());
            }
        }
    }

    /** Nothing moves for a while, though something has. */
    private static boolean stalled(AtomicLong sent) {
        long before = sent.get();
        long end = System.nanoTime() + 300_000_000L;
        while (System.nanoTime() < end) {
            if (sent.get() != before) {
                return false;
            }
            Thread.onSpinWait();
        }
        return before > 0;
    }

    @Test
    void streams_stay_whole_among_aborted_ones_and_leave_nothing_behind() throws Exception {
        ArrayByteBufferPool.Tracking buffers = new ArrayByteBufferPool.Tracking();
        SimulatedClaude.Options counting = SimulatedClaude.Options.defaults().withoutRecording();
        try (SimulatedClaude quick = SimulatedClaude.start(counting);
                SimulatedClaude slow = SimulatedClaude.start(counting);
                RelayFixture stormy = RelayFixture.over(Map.of(ConfigKey.STICKY_SESSION_TTL, "0"), buffers, quick)) {
            Served other = serve(stormy.relay());
            try (Storm storm = new Storm(other.port(), stormy, slow)) {
                weather(storm, stormy);
                assertThat(storm.broken()).isEmpty();
                int aborted = streams() / Storm.ONE_ABORTED_IN;
                Wait.until("all aborted ones to be cancelled", () -> slow.cancelledStreams() == aborted);
            } finally {
                other.close().close();
            }
        }
        assertThat(buffers.getLeaks()).as(buffers.dumpLeaks()).hasSizeLessThanOrEqualTo(lostBuffers());
    }

    private void weather(Storm storm, RelayFixture stormy) throws Exception {
        long early = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            storm.round(streams() / ROUNDS);
            stormy.awaitIdle();
            stormy.listener().forget();
            if (round == 2) {
                early = Memory.heap() + Memory.direct();
            }
        }
        assertThat(Memory.heap() + Memory.direct() - early)
                .as("bytes that rounds 3 to 10 left behind")
                .isLessThan(MEBIBYTE + KEPT_BYTES * streams());
    }
}
