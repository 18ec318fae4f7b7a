package org.ccrelayer.internal.pipeline;

import java.io.EOFException;
import java.nio.ByteBuffer;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.internal.metering.UsageMeter;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Invocable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries an answer from the upstream to the client: everything that can be read without waiting goes out in one write,
 * the next read waits for that write, and the meter reads along. The answer is committed with its first byte; before
 * that, a failure is still the pipeline's to mend. Driven by its own iteration.
 */
final class AnswerStream extends IteratingCallback {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerStream.class);

    private final Exchange exchange;
    private final UpstreamAttempt attempt;
    private final Answer answer;
    private final UsageMeter meter;
    private final SilenceWatch silence;
    private final ChunkGatherer gathered;
    private final Mender mender;
    private final Runnable wakeUp = Invocable.from(Invocable.InvocationType.NON_BLOCKING, this::iterate);
    private Content.@Nullable Chunk end;
    private int unsent;
    private boolean begun;
    private @Nullable Outcome outcome;
    private @Nullable RuntimeException defect;

    /** What is done about an answer that broke before any of it was handed to the client. */
    @FunctionalInterface
    interface Mender {
        void mend(Exchange exchange, UpstreamAttempt attempt, Throwable cause);
    }

    /**
     * An answer that begins.
     *
     * @param status 200 to 299
     * @param headers the header fields a client may see
     * @param source its bytes
     */
    record Answer(int status, HttpFields headers, Content.Source source) {}

    AnswerStream(
            Exchange exchange,
            UpstreamAttempt attempt,
            Answer answer,
            UsageMeter meter,
            SilenceWatch silence,
            ByteBufferPool buffers,
            Mender mender) {
        this.exchange = exchange;
        this.attempt = attempt;
        this.answer = answer;
        this.meter = meter;
        this.silence = silence;
        this.gathered = new ChunkGatherer(buffers);
        this.mender = mender;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    protected Action process() {
        try {
            return carry();
        } catch (RuntimeException e) {
            defect = e;
            throw e;
        }
    }

    private Action carry() {
        if (outcome != null) {
            return Action.SUCCEEDED;
        }
        ByteBuffer bytes = gather();
        if (end == null && !bytes.hasRemaining()) {
            silence.listen();
            answer.source().demand(wakeUp);
            return Action.IDLE;
        }
        // A client that reads slowly is not an upstream that is silent.
        silence.pause();
        if (end == null) {
            return write(false, bytes);
        }
        return Content.Chunk.isFailure(end) ? broken(bytes, end.getFailure()) : complete(bytes);
    }

    private ByteBuffer gather() {
        if (end != null) {
            return gathered.bytes();
        }
        end = gathered.gather(answer.source());
        ByteBuffer bytes = gathered.bytes();
        if (bytes.hasRemaining()) {
            silence.activity();
            meter.see(bytes);
        }
        if (end != null && !Content.Chunk.isFailure(end)) {
            meter.end();
            if (meter.brokenOff()) {
                end = Content.Chunk.from(new EOFException("the stream ended before its last event"));
            }
        }
        return bytes;
    }

    private Action complete(ByteBuffer bytes) {
        if (attempt.awaitRelease(wakeUp)) {
            return Action.IDLE;
        }
        outcome = meter.result().errorType() == null ? Outcome.COMPLETED : Outcome.UPSTREAM_ERROR_EVENT;
        return write(true, bytes);
    }

    private Action broken(ByteBuffer bytes, Throwable cause) {
        if (!begun) {
            outcome = Outcome.UPSTREAM_BROKEN;
            finish();
            mender.mend(exchange, attempt, cause);
            return Action.SUCCEEDED;
        }
        if (bytes.hasRemaining()) {
            return write(false, bytes);
        }
        outcome = exchange.stopped().orElse(Outcome.UPSTREAM_BROKEN);
        if (outcome != Outcome.CLIENT_GONE && canTellInStream()) {
            return write(true, ErrorResponder.event(outcome, outcome.message(), exchange.id()));
        }
        exchange.clientResponse().abort(cause);
        return Action.SUCCEEDED;
    }

    /** An own event may only stand between two whole events, and only where no length was promised. */
    private boolean canTellInStream() {
        return begun && meter.eventBorder() && !answer.headers().contains(HttpHeader.CONTENT_LENGTH);
    }

    private Action write(boolean last, ByteBuffer bytes) {
        if (!begun) {
            begun = true;
            exchange.answering(answer.status());
            exchange.clientResponse().head(answer.status(), answer.headers());
        }
        unsent = bytes.remaining();
        exchange.clientResponse().write(last, bytes, this);
        return Action.SCHEDULED;
    }

    @Override
    protected void onSuccess() {
        exchange.delivered(unsent);
        gathered.release();
    }

    @Override
    protected void onCompleteSuccess() {
        Outcome how = outcome;
        if (begun && how != null) {
            finish();
            attempt.end(how, "answered");
            exchange.end(how);
        }
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        Outcome how = exchange.stopped().orElse(Outcome.CLIENT_GONE);
        if (defect != null) {
            LOG.error("{} failed while it was answered", exchange.id(), defect);
            how = Outcome.INTERNAL_ERROR;
        }
        attempt.cancel(cause);
        drain();
        finish();
        attempt.end(how, "broken off");
        exchange.clientResponse().abort(cause);
        exchange.end(how);
    }

    /** A cancelled answer still holds buffers until it was read to its end. */
    private void drain() {
        while (true) {
            Content.Chunk chunk = answer.source().read();
            if (chunk == null || Content.Chunk.isFailure(chunk)) {
                return;
            }
            chunk.release();
            if (chunk.isLast()) {
                return;
            }
        }
    }

    private void finish() {
        silence.stop();
        gathered.discard();
    }
}
