package org.ccrelayer.internal.envelope;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.http.ClientRequest;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a {@code POST /v1/messages} and finds in it what the relay decides by. Holds no thread while it
 * waits for the client. Safe for all threads.
 */
public final class EnvelopeReader {
    /**
     * What one body may take.
     *
     * @param maxBytes the longest body, as received and also as decoded; at least 1
     * @param idle how long the client may send nothing; more than zero
     */
    public record Limits(long maxBytes, Duration idle) {
        /** What the API itself allows, 32 MiB (gateway contract 10), and 30 seconds. */
        public static final Limits DEFAULT = new Limits(32L * 1024 * 1024, Duration.ofSeconds(30));

        public Limits {
            if (maxBytes < 1) {
                throw new IllegalArgumentException("maxBytes: must be at least 1");
            }
            if (idle.isNegative() || idle.isZero()) {
                throw new IllegalArgumentException("idle: must be more than zero");
            }
        }
    }

    /**
     * Is told how the reading of one body ended, by exactly one call of one method: on the thread that read the last
     * piece, which may be the caller's of {@link EnvelopeReader#read}, or on the scheduler's for the idle bound. It must
     * not block and must not throw.
     */
    public interface Receiver {
        /** The body is there; it now belongs to the receiver, who releases it. */
        void received(Envelope envelope);

        /** There will be no body, and nothing of it is kept. The rest of it may be unread. */
        void failed(RelayException failure);
    }

    private final BodyBudget budget;
    private final ChunkPool pool;
    private final Scheduler scheduler;
    private final Limits limits;

    /**
     * A reader.
     *
     * @param budget what all bodies together may take
     * @param pool where their memory comes from
     * @param scheduler runs the idle bound; started and stopped by the caller
     */
    public EnvelopeReader(BodyBudget budget, ChunkPool pool, Scheduler scheduler, Limits limits) {
        this.budget = requireNonNull(budget, "budget");
        this.pool = requireNonNull(pool, "pool");
        this.scheduler = requireNonNull(scheduler, "scheduler");
        this.limits = requireNonNull(limits, "limits");
    }

    /**
     * Reads the body of {@code request}. What the header fields alone rule out is told before anything is read. Fails
     * with these outcomes: {@code UNSUPPORTED_ENCODING}, {@code BODY_TOO_LARGE}, {@code RELAY_BUSY} with a time to try
     * again, {@code BODY_TIMEOUT}, {@code CLIENT_GONE}, {@code INVALID_REQUEST}; {@code INTERNAL_ERROR} only for a
     * defect.
     */
    public void read(ClientRequest request, Receiver receiver) {
        ContentCoding coding;
        try {
            coding = ContentCoding.of(request.headers());
        } catch (RelayException e) {
            receiver.failed(e);
            return;
        }
        BodyBuilder body = new BodyBuilder(pool, budget, limits.maxBytes());
        BodyScan scan = coding.scan(limits.maxBytes());
        IdleBound idle = new IdleBound(scheduler, limits.idle());
        new BodyReading(request.body(), body, scan, idle, receiver).begin(announcedLength(request.headers()));
    }

    /** The length that the client announced; 0 if none, or none that is a number, which containers refuse themselves. */
    private static long announcedLength(HttpFields headers) {
        @Nullable String length = headers.get(HttpHeader.CONTENT_LENGTH);
        if (length == null) {
            return 0;
        }
        try {
            return Math.max(0, Long.parseLong(length.trim()));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
