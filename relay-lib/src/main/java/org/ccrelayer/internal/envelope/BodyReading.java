package org.ccrelayer.internal.envelope;

import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The reading of one body. It is always in one hand: that of the thread that reads, or, while it waits, that of the
 * current {@link Pause}, which hands it to whoever comes first. So it ends once, and needs no lock.
 */
final class BodyReading {
    private final Content.Source source;
    private final BodyBuilder body;
    private final BodyScan scan;
    private final IdleBound idle;
    private final EnvelopeReader.Receiver receiver;

    BodyReading(
            Content.Source source, BodyBuilder body, BodyScan scan, IdleBound idle, EnvelopeReader.Receiver receiver) {
        this.source = source;
        this.body = body;
        this.scan = scan;
        this.idle = idle;
        this.receiver = receiver;
    }

    /** Reserves what the client announced, 0 for nothing, and reads. */
    void begin(long announcedBytes) {
        try {
            body.expect(announcedBytes);
        } catch (RelayException e) {
            fail(e);
            return;
        }
        read();
    }

    /** Reads as long as there is something to read, then waits for more or ends. */
    private void read() {
        Envelope envelope;
        try {
            if (!readToEnd()) {
                return;
            }
            RequestFacts facts = scan.end();
            scan.close();
            envelope = new Envelope(facts, body.build());
        } catch (RelayException e) {
            fail(e);
            return;
        } catch (Throwable e) {
            fail(new RelayException(Outcome.INTERNAL_ERROR, Outcome.INTERNAL_ERROR.message(), e));
            return;
        }
        receiver.received(envelope);
    }

    /** False where the reading went out of this thread's hand. */
    private boolean readToEnd() {
        while (true) {
            Content.Chunk chunk = source.read();
            if (chunk == null) {
                if (!new Pause().await()) {
                    return false;
                }
            } else if (take(chunk)) {
                return true;
            }
        }
    }

    /** Whether that was the last piece. */
    private boolean take(Content.Chunk chunk) {
        if (Content.Chunk.isFailure(chunk)) {
            throw gone(chunk.getFailure());
        }
        try {
            body.append(chunk.getByteBuffer(), scan);
            return chunk.isLast();
        } finally {
            chunk.release();
        }
    }

    private void fail(RelayException failure) {
        scan.close();
        body.discard();
        receiver.failed(failure);
    }

    private void timeOut() {
        // Failed first: when the receiver is told, the request may be over and its source in other use.
        try {
            source.fail(new TimeoutException("no byte of the request body in " + idle.duration()));
        } finally {
            fail(new RelayException(Outcome.BODY_TIMEOUT));
        }
    }

    /** A container may have an idle bound of its own, shorter than this one. */
    private static RelayException gone(Throwable cause) {
        Outcome outcome = cause instanceof TimeoutException ? Outcome.BODY_TIMEOUT : Outcome.CLIENT_GONE;
        return new RelayException(outcome, outcome.message(), cause);
    }

    /** One wait for more. It ends once: with bytes, or with the idle bound. */
    private final class Pause implements Runnable {
        private final AtomicBoolean over = new AtomicBoolean();
        private Scheduler.@Nullable Task timer;
        private @Nullable Thread asking;
        private boolean answeredAtOnce;

        /** True if there is more to read now; otherwise the reading is out of this thread's hand. */
        boolean await() {
            timer = idle.begin(this::expire);
            asking = Thread.currentThread();
            try {
                source.demand(this);
            } catch (RuntimeException | Error e) {
                if (end()) {
                    throw e;
                }
            }
            // Only this thread can have found itself in the field, so that it needs no fence.
            asking = null;
            return answeredAtOnce;
        }

        /** There is more to read. A source that says so while it is asked is not read from here: the stack would grow. */
        @Override
        public void run() {
            if (!end()) {
                return;
            }
            if (Thread.currentThread() == asking) {
                answeredAtOnce = true;
            } else {
                read();
            }
        }

        private void expire() {
            if (over.compareAndSet(false, true)) {
                timeOut();
            }
        }

        private boolean end() {
            boolean first = over.compareAndSet(false, true);
            if (first && timer != null) {
                timer.cancel();
            }
            return first;
        }
    }
}
