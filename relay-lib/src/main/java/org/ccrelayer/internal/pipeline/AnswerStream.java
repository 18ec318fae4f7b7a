package org.ccrelayer.internal.pipeline;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.error.Outcome;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries an answer from the upstream to the client: everything that can be read without waiting goes out in one write,
 * the next read waits for that write, and the meter reads along. A stream of events is held until its first event other than
 * {@code ping} is complete. The answer is committed with its first byte; before that, a failure is still the pipeline's to
 * mend. Where the client goes away and the answer is to be read on, it is left
 * to an {@link AnswerDrain}. Driven by its own iteration.
 */
final class AnswerStream extends IteratingCallback {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerStream.class);
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(10);

    private final Exchange exchange;
    private final UpstreamAttempt attempt;
    private final Answer answer;
    private final AnswerIntake intake;
    private final RelayResources resources;
    private final Mender mender;
    private final Runnable wakeUp = Invocable.from(Invocable.InvocationType.NON_BLOCKING, this::wakeUp);
    private final Callback written =
            Callback.from(Invocable.InvocationType.NON_BLOCKING, this::succeeded, this::writeFailed);
    private int unsent;
    private boolean begun;

    /** Whether {@link #wakeUp} is still to come: others may iterate meanwhile, and must not ask for it twice. */
    private volatile boolean waiting;

    /** Whether {@link #kept} is still to come, before which nothing may be written. */
    private volatile boolean keeping;

    private volatile boolean writeFailed;
    private boolean left;
    private @Nullable Outcome outcome;
    private @Nullable RuntimeException defect;
    private Scheduler.@Nullable Task holding;
    private volatile boolean heldLongEnough;

    /** What is done about an answer of which nothing was handed to the client. */
    interface Mender {
        /** It broke. */
        void broken(Exchange exchange, UpstreamAttempt attempt, Throwable cause);

        /** It began with an error of that type, which explains itself where it can be read. */
        void refused(Exchange exchange, UpstreamAttempt attempt, String errorType, Optional<byte[]> explanation);
    }

    /**
     * An answer that begins.
     *
     * @param status 200 to 299
     * @param headers the header fields a client may see
     * @param intake its bytes
     */
    record Answer(int status, HttpFields headers, AnswerIntake intake) {}

    /** A stream of {@code answer}. */
    AnswerStream(Exchange exchange, UpstreamAttempt attempt, Answer answer, RelayResources resources, Mender mender) {
        this.exchange = exchange;
        this.attempt = attempt;
        this.answer = answer;
        this.intake = answer.intake();
        this.resources = resources;
        this.mender = mender;
    }

    void start() {
        attempt.carriedBy(this::iterate);
        iterate();
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    private void wakeUp() {
        waiting = false;
        iterate();
    }

    private void kept() {
        keeping = false;
        iterate();
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
        if (writeFailed || outcome == null && exchange.draining()) {
            return leave();
        }
        if (outcome != null) {
            return Action.SUCCEEDED;
        }
        if (keeping) {
            return Action.IDLE;
        }
        ByteBuffer bytes = waiting ? intake.held() : intake.read();
        if (!begun && intake.beginsWithError()) {
            return refused(bytes);
        }
        if (!intake.ended() && (!bytes.hasRemaining() || heldBack())) {
            if (!waiting) {
                waiting = true;
                intake.await(wakeUp);
            } else {
                intake.stillAwaits();
            }
            return Action.IDLE;
        }
        // A client that reads slowly is not an upstream that is silent.
        intake.pause();
        if (keepsFirst()) {
            return Action.IDLE;
        }
        if (!intake.ended()) {
            return write(false, bytes);
        }
        return intake.failure().map(cause -> broken(bytes, cause)).orElseGet(() -> complete(bytes));
    }

    /** A stream that only pinged so far is held for a while: it may still turn out to be a failure. */
    private boolean heldBack() {
        boolean hold = !begun && !heldLongEnough && intake.beginsLater();
        if (hold && holding == null) {
            holding =
                    resources.scheduler().schedule(this::holdNoLonger, LONGEST_HOLD.toMillis(), TimeUnit.MILLISECONDS);
        }
        return hold;
    }

    private void letGoOfHold() {
        if (holding != null) {
            holding.cancel();
        }
    }

    private void holdNoLonger() {
        heldLongEnough = true;
        iterate();
    }

    /** A client that asks again as soon as it has read of something must find it known. */
    private boolean keepsFirst() {
        keeping = true;
        boolean later = attempt.keepMade(resources, this::kept);
        if (!later) {
            keeping = false;
        }
        return later;
    }

    private Action refused(ByteBuffer bytes) {
        outcome = Outcome.UPSTREAM_REFUSED;
        attempt.cancel(new CancellationException("the stream began with an error"));
        String errorType = intake.errorType().orElse("");
        Optional<byte[]> explanation = StreamError.explanation(bytes);
        intake.closeCancelled();
        mender.refused(exchange, attempt, errorType, explanation);
        return Action.SUCCEEDED;
    }

    /** The client is gone: lets go of its response at once, and of the answer when nothing is on its way to here. */
    private Action leave() {
        exchange.clientResponse().abort(new EofException("the client is gone"));
        if (waiting || keeping) {
            return Action.IDLE;
        }
        left = true;
        return Action.SUCCEEDED;
    }

    private Action complete(ByteBuffer bytes) {
        waiting = true;
        if (attempt.awaitRelease(wakeUp)) {
            return Action.IDLE;
        }
        waiting = false;
        outcome = intake.toldError() ? Outcome.UPSTREAM_ERROR_EVENT : Outcome.COMPLETED;
        return write(true, bytes);
    }

    private Action broken(ByteBuffer bytes, Throwable cause) {
        if (!begun) {
            outcome = Outcome.UPSTREAM_BROKEN;
            intake.close();
            mender.broken(exchange, attempt, cause);
            return Action.SUCCEEDED;
        }
        if (bytes.hasRemaining()) {
            return write(false, bytes);
        }
        Outcome how = exchange.stopped().orElse(Outcome.UPSTREAM_BROKEN);
        outcome = how;
        if (how != Outcome.CLIENT_GONE && canTellInStream()) {
            return write(true, ErrorResponder.event(how, how.message(), exchange.id()));
        }
        exchange.clientResponse().abort(cause);
        return Action.SUCCEEDED;
    }

    /** An own event may only stand between two whole events, and only where no length was promised. */
    private boolean canTellInStream() {
        return begun && intake.atEventBorder() && !answer.headers().contains(HttpHeader.CONTENT_LENGTH);
    }

    private Action write(boolean last, ByteBuffer bytes) {
        if (!begun) {
            begun = true;
            letGoOfHold();
            attempt.works();
            exchange.answering(answer.status());
            exchange.clientResponse().head(answer.status(), answer.headers());
        }
        unsent = bytes.remaining();
        exchange.clientResponse().write(last, bytes, written);
        return Action.SCHEDULED;
    }

    /** The client is gone. Where the answer is read on, this is the end of the write and not of the answer. */
    private void writeFailed(Throwable cause) {
        exchange.clientGone(cause);
        if (exchange.draining()) {
            writeFailed = true;
            succeeded();
        } else {
            failed(cause);
        }
    }

    @Override
    protected void onSuccess() {
        exchange.delivered(writeFailed ? 0 : unsent);
        intake.release();
    }

    @Override
    protected void onCompleteSuccess() {
        letGoOfHold();
        Outcome how = outcome;
        if (left) {
            new AnswerDrain(exchange, attempt, intake, resources).run();
        } else if (begun && how != null) {
            intake.close();
            end(how, "answered");
        }
    }

    private void end(Outcome how, String reason) {
        resources.store().finish(() -> {
            attempt.end(how, reason);
            exchange.end(how);
        });
    }

    @Override
    protected void onCompleteFailure(Throwable cause) {
        Outcome how = exchange.stopped().orElse(Outcome.CLIENT_GONE);
        if (defect != null) {
            LOG.error("{} failed while it was answered", exchange.id(), defect);
            how = Outcome.INTERNAL_ERROR;
        }
        letGoOfHold();
        attempt.cancel(cause);
        intake.closeCancelled();
        exchange.clientResponse().abort(cause);
        end(how, "broken off");
    }
}
