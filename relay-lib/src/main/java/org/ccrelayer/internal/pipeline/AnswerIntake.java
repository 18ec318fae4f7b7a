package org.ccrelayer.internal.pipeline;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.ccrelayer.internal.metering.EventKind;
import org.ccrelayer.internal.metering.UsageMeter;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it comes in from the upstream: gathered, metered, and watched for silence. Holds memory only from a read to
 * the release. Driven by one thread at a time.
 */
final class AnswerIntake {
    private final Content.Source source;
    private final UsageMeter meter;
    private final SilenceWatch silence;
    private final ChunkGatherer gathered;
    private Content.@Nullable Chunk end;
    private int seen;

    AnswerIntake(Content.Source source, UsageMeter meter, SilenceWatch silence, ByteBufferPool buffers) {
        this.source = source;
        this.meter = meter;
        this.silence = silence;
        this.gathered = new ChunkGatherer(buffers);
    }

    /**
     * What can be read without waiting, behind what was read before and not let go of; once the answer has ended, what is left
     * of its last bytes.
     */
    ByteBuffer read() {
        if (end != null) {
            return gathered.bytes();
        }
        end = gathered.gather(source);
        ByteBuffer bytes = gathered.bytes();
        if (bytes.remaining() > seen) {
            silence.activity();
            meter.see(bytes.duplicate().position(bytes.position() + seen));
            seen = bytes.remaining();
        }
        if (end != null && !Content.Chunk.isFailure(end)) {
            meter.end();
            if (meter.brokenOff()) {
                end = Content.Chunk.from(new EOFException("the stream ended before its last event"));
            }
        }
        return bytes;
    }

    /** What was read and not let go of. */
    ByteBuffer held() {
        return gathered.bytes();
    }

    /** Whether nothing comes after what was read. */
    boolean ended() {
        return end != null;
    }

    /** Why the answer broke off, where it did. */
    Optional<Throwable> failure() {
        return end != null && Content.Chunk.isFailure(end) ? Optional.of(end.getFailure()) : Optional.empty();
    }

    /** Whether more may show what the answer begins with, and there is room for it. */
    boolean beginsLater() {
        return end == null && meter.awaitsFirstEvent() && !gathered.full();
    }

    /** Whether the answer begins with an error in place of a message. */
    boolean beginsWithError() {
        return meter.firstEvent() == EventKind.ERROR;
    }

    /** The type of the error that the answer told. */
    Optional<String> errorType() {
        return Optional.ofNullable(meter.result().errorType());
    }

    /** Whether the answer said itself that it failed. */
    boolean toldError() {
        return errorType().isPresent();
    }

    /** Whether it stands between two events of a stream that others may be put into. */
    boolean atEventBorder() {
        return meter.eventBorder();
    }

    /** Runs {@code arrived} once when there is more to read; until then silence counts. */
    void await(Runnable arrived) {
        silence.listen();
        source.demand(arrived);
    }

    /** What is awaited is still to come: after a pause, silence counts again. */
    void stillAwaits() {
        silence.listen();
    }

    /** Nothing is read for a while, which is not the upstream's silence. */
    void pause() {
        silence.pause();
    }

    /** Lets go of the bytes that were read. */
    void release() {
        seen = 0;
        gathered.release();
    }

    /** Lets go of everything. */
    void close() {
        silence.stop();
        gathered.discard();
    }

    /** As {@link #close} for an answer that was cancelled: it still holds buffers until it was read to its end. */
    void closeCancelled() {
        Content.Chunk chunk = source.read();
        while (chunk != null && !Content.Chunk.isFailure(chunk)) {
            chunk.release();
            chunk = chunk.isLast() ? null : source.read();
        }
        close();
    }
}
