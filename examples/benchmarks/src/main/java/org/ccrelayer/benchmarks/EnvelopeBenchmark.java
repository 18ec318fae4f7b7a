package org.ccrelayer.benchmarks;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.envelope.BodyBudget;
import org.ccrelayer.internal.envelope.ChunkPool;
import org.ccrelayer.internal.envelope.Envelope;
import org.ccrelayer.internal.envelope.EnvelopeReader;
import org.ccrelayer.internal.envelope.RequestFacts;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** How fast a request body is kept and read for what the relay decides by, and what that allocates. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class EnvelopeBenchmark {
    private static final long BUDGET_BYTES = 64L * 1024 * 1024;
    private static final int POOLED_CHUNKS = 256;

    /** The body's length, about. */
    @Param({"50000", "2097152"})
    public int bodyBytes;

    // Nothing ever waits for a body that is already there, so that the scheduler need not be started.
    private final EnvelopeReader reader = new EnvelopeReader(
            new BodyBudget(BUDGET_BYTES),
            new ChunkPool(POOLED_CHUNKS),
            new ScheduledExecutorScheduler(),
            new EnvelopeReader.Limits(BUDGET_BYTES, Duration.ofSeconds(30)));

    private byte[] body = {};

    /** Writes the body. */
    @Setup(Level.Trial)
    public void writeBody() {
        body = AgentBody.ofAbout(bodyBytes);
    }

    /** One body, from its first byte to the facts, and its memory given back. */
    @Benchmark
    public RequestFacts read(Speed speed) {
        Kept kept = new Kept();
        reader.read(new BodyRequest(ByteBuffer.wrap(body)), kept);
        Envelope envelope = kept.envelope;
        if (envelope == null) {
            throw new IllegalStateException("the body was not read");
        }
        envelope.body().release();
        speed.read(body.length);
        return envelope.facts();
    }

    private static final class Kept implements EnvelopeReader.Receiver {
        private @Nullable Envelope envelope;

        @Override
        public void received(Envelope complete) {
            envelope = complete;
        }

        @Override
        public void failed(RelayException failure) {
            throw failure;
        }
    }
}
