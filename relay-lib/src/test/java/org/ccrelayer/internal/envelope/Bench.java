package org.ccrelayer.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.ccrelayer.http.ClientRequest;
import org.ccrelayer.testkit.InMemoryRequest;
import org.ccrelayer.testkit.ManualScheduler;
import org.eclipse.jetty.io.Content;

/** A reader with everything around it, and the ways tests use it. */
final class Bench {
    static final int MIB = 1024 * 1024;

    final BodyBudget budget;
    final ChunkPool pool = new ChunkPool(256);
    final ManualScheduler scheduler = new ManualScheduler();
    final EnvelopeReader reader;

    Bench() {
        this(64L * MIB, EnvelopeReader.Limits.DEFAULT.maxBytes());
    }

    Bench(long budgetBytes, long maxBytes) {
        budget = new BodyBudget(budgetBytes);
        reader = new EnvelopeReader(
                budget, pool, scheduler, new EnvelopeReader.Limits(maxBytes, Duration.ofSeconds(30)));
    }

    static InMemoryRequest request() {
        return InMemoryRequest.post("/v1/messages");
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[][] pieces(byte[] whole, int size) {
        byte[][] pieces = new byte[(whole.length + size - 1) / size][];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = Arrays.copyOfRange(whole, i * size, Math.min(whole.length, (i + 1) * size));
        }
        return pieces;
    }

    /** A valid body of that length. */
    static byte[] bodyOf(int length) {
        String head = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"";
        String tail = "\"}],\"stream\":true}";
        return utf8(head + "x".repeat(length - head.length() - tail.length()) + tail);
    }

    static byte[] drain(Content.Source source) {
        ByteBuffer all = ByteBuffer.allocate((int) source.getLength());
        while (true) {
            Content.Chunk chunk = source.read();
            assertThat(Content.Chunk.isFailure(chunk)).isFalse();
            all.put(chunk.getByteBuffer());
            chunk.release();
            if (chunk.isLast()) {
                assertThat(all.hasRemaining()).isFalse();
                return all.array();
            }
        }
    }

    Ending read(ClientRequest request) {
        Ending ending = new Ending();
        reader.read(request, ending);
        return ending;
    }

    Ending read(String body) {
        return read(request().body(utf8(body)));
    }

    /** The facts of a body, which is released. */
    RequestFacts facts(String body) {
        Envelope envelope = read(body).envelope();
        envelope.body().release();
        assertIdle();
        return envelope.facts();
    }

    /** Nothing is held any more. */
    void assertIdle() {
        assertThat(budget.inUse()).isZero();
        assertThat(scheduler.pending()).isZero();
    }
}
