package org.ccrelayer.internal.pipeline;

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
    private final RelayResources resources;

    AnswerDrain(Exchange exchange, UpstreamAttempt attempt, AnswerIntake intake, RelayResources resources) {
        this.exchange = exchange;
        this.attempt = attempt;
        this.intake = intake;
        this.resources = resources;
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
            end(Outcome.INTERNAL_ERROR, "failed", Outcome.INTERNAL_ERROR);
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
            resources.executor().execute(this);
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
            end(exchange.stopped().orElse(Outcome.UPSTREAM_BROKEN), "broke off", Outcome.CLIENT_GONE);
        } else {
            Outcome outcome = intake.toldError() ? Outcome.UPSTREAM_ERROR_EVENT : Outcome.CLIENT_GONE;
            end(outcome, "read on", Outcome.CLIENT_GONE);
        }
    }

    private void end(Outcome ofAttempt, String reason, Outcome ofExchange) {
        resources.store().finish(() -> {
            attempt.end(ofAttempt, reason);
            exchange.end(ofExchange);
        });
    }
}
