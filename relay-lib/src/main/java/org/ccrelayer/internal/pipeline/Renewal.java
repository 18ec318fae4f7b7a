package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.internal.credential.Credential;

/**
 * A token that the upstream refuses may only have been taken back. The request is tried once more on the same account, with
 * another token. Safe for concurrent use; never blocks.
 */
final class Renewal {
    private final Executor executor;
    private final Again again;

    /** Makes an attempt in place of one that was refused with that credential; it may block. */
    @FunctionalInterface
    interface Again {
        void attempt(Exchange exchange, UpstreamAttempt attempt, Credential refused);
    }

    Renewal(Executor executor, Again again) {
        this.executor = requireNonNull(executor, "executor");
        this.again = requireNonNull(again, "again");
    }

    /**
     * Whether another attempt is made, which then has the place of this one. It is no retry by the retry budget: the request
     * was not looked at, and a refused token is replaced once for all who carry it.
     *
     * @param setback what is told where the other attempt comes to nothing better
     */
    boolean begins(Exchange exchange, UpstreamAttempt attempt, int status, Setback setback) {
        if (status != 401 || !attempt.renewable() || exchange.unwanted().isPresent()) {
            return false;
        }
        Credential refused = attempt.credential();
        exchange.setbacks().add(setback);
        UpstreamAttempt next = attempt.again(Outcome.UPSTREAM_REFUSED, "refused with " + status);
        exchange.attempting(next);
        try {
            executor.execute(() -> again.attempt(exchange, next, refused));
        } catch (RejectedExecutionException e) {
            setback.deliver(exchange);
        }
        return true;
    }
}
