package org.ccrelayer.internal.pipeline;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.ccrelayer.error.Outcome;
import org.eclipse.jetty.util.thread.Invocable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads an answer to its end for its usage only, since its client is gone, and then ends the exchange. It goes as fast as
 * the upstream does, but leaves the thread to others again and again. Driven by one thread at a time.
 */
final class AnswerDrain implements Invocable.Task {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerDrain.class);

    /** Reads before others get the thread; at 32 KiB at most each, far less than a millisecond. */
    private static final int READS = 16;

    private final Exchange exchange;
    private final UpstreamAttempt attempt;
    private final AnswerIntake intake;
    private final Executor executor;

    AnswerDrain(Exchange exchange, UpstreamAttempt attempt, AnswerIntake intake, Executor executor) {
        this.exchange = exchange;
        this.attempt = attempt;
        this.intake = intake;
        this.executor = executor;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public void run() {
        try {
            boolean more = readOn();
            while (more && !goesOnElsewhere()) {
                more = readOn();
            }
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed while it was read on", exchange.id(), e);
            attempt.cancel(e);
            intake.closeCancelled();
            attempt.end(Outcome.INTERNAL_ERROR, "failed");
            exchange.end(Outcome.INTERNAL_ERROR);
        }
    }

    /** Reads for one turn; false where there is nothing to be read now, or ever. */
    private boolean readOn() {
        for (int i = 0; i < READS; i++) {
            int count = intake.read().remaining();
            intake.release();
            if (intake.ended()) {
                finish();
                return false;
            }
            if (count == 0) {
                intake.await(this);
                return false;
            }
            exchange.drained(count);
        }
        return true;
    }

    private boolean goesOnElsewhere() {
        try {
            executor.execute(this);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private void finish() {
        if (intake.failure().isEmpty() && attempt.awaitRelease(this)) {
            return;
        }
        intake.close();
        if (intake.failure().isPresent()) {
            attempt.end(exchange.stopped().orElse(Outcome.UPSTREAM_BROKEN), "broke off");
        } else {
            attempt.end(intake.toldError() ? Outcome.UPSTREAM_ERROR_EVENT : Outcome.CLIENT_GONE, "read on");
        }
        exchange.end(Outcome.CLIENT_GONE);
    }
}
