package org.ccrelayer.internal.admission;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.envelope.BodyBudget;
import org.ccrelayer.internal.envelope.ChunkPool;
import org.ccrelayer.internal.envelope.Envelope;
import org.ccrelayer.internal.envelope.EnvelopeReader;
import org.ccrelayer.internal.envelope.RequestFacts;
import org.ccrelayer.testkit.InMemoryRequest;
import org.ccrelayer.testkit.ManualScheduler;
import org.jspecify.annotations.Nullable;

/** Request bodies as the relay reads them. */
final class Requests {
    private static final int MIB = 1024 * 1024;

    private Requests() {}

    /** The facts of a body, which may be written with single quotes. */
    static RequestFacts facts(String body) {
        byte[] json = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        EnvelopeReader reader = new EnvelopeReader(
                new BodyBudget(8L * MIB),
                new ChunkPool(4),
                new ManualScheduler(),
                new EnvelopeReader.Limits(4L * MIB, Duration.ofSeconds(30)));
        Kept kept = new Kept();
        reader.read(InMemoryRequest.post("/v1/messages").body(json), kept);
        Envelope envelope = kept.envelope;
        if (envelope == null) {
            throw new AssertionError("the body was not read");
        }
        envelope.body().release();
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
