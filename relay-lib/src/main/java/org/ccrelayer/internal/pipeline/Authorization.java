package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.credential.Credential;
import org.ccrelayer.internal.credential.CredentialSource;
import org.ccrelayer.internal.credential.NoTokenException;
import org.ccrelayer.internal.credential.TokenRefresher;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Finds what attempts are sent with. A token that is waited for holds no thread; the wait ends with the attempt's time, or when its
 * client goes. Where there is none another account is tried, which costs no upstream anything. Safe for concurrent use.
 */
final class Authorization {
    private final CredentialSource credentials;
    private final Deadlines deadlines;
    private final RelayResources resources;
    private final AccountJudge judge;
    private final NextTry next;

    Authorization(
            CredentialSource credentials,
            Deadlines deadlines,
            RelayResources resources,
            AccountJudge judge,
            NextTry next) {
        this.credentials = requireNonNull(credentials, "credentials");
        this.deadlines = requireNonNull(deadlines, "deadlines");
        this.resources = requireNonNull(resources, "resources");
        this.judge = requireNonNull(judge, "judge");
        this.next = requireNonNull(next, "next");
    }

    /** Goes on with the attempt's credential, in this thread where it is there, else in one that may block. */
    void of(Exchange exchange, UpstreamAttempt attempt, Consumer<Credential> found) {
        CompletableFuture<Credential> awaited = attempt.awaiting(credentials.of(attempt.account()));
        if (awaited.isDone()) {
            goOn(exchange, attempt, awaited, found);
            return;
        }
        Duration patience = deadlines.untilHeaders(exchange);
        Scheduler.Task timeout = resources
                .scheduler()
                .schedule(() -> awaited.completeExceptionally(new RelayException(Outcome.UPSTREAM_TIMEOUT)), patience);
        awaited.whenComplete((credential, failure) -> {
            timeout.cancel();
            later(exchange, () -> goOn(exchange, attempt, awaited, found));
        });
    }

    private void later(Exchange exchange, Runnable part) {
        try {
            resources.executor().execute(() -> RelayPipeline.guarded(exchange, part));
        } catch (RejectedExecutionException e) {
            exchange.fail(new RelayException(Outcome.RELAY_BUSY));
        }
    }

    private void goOn(
            Exchange exchange,
            UpstreamAttempt attempt,
            CompletableFuture<Credential> awaited,
            Consumer<Credential> found) {
        Credential credential;
        try {
            credential = awaited.join();
        } catch (CompletionException | CancellationException e) {
            without(exchange, attempt, TokenRefresher.cause(e));
            return;
        }
        found.accept(credential);
    }

    private void without(Exchange exchange, UpstreamAttempt attempt, Throwable failure) {
        if (exchange.unwanted().isPresent()) {
            exchange.fail(new RelayException(exchange.unwanted().get()));
        } else if (failure instanceof NoTokenException none) {
            judge.withoutToken(attempt, none);
            moveOn(exchange, attempt, untold(exchange, none.againAt()));
        } else if (failure instanceof RelayException told && told.outcome() == Outcome.UPSTREAM_TIMEOUT) {
            judge.withoutTokenInTime(attempt);
            moveOn(exchange, attempt, told);
        } else {
            exchange.fail(
                    failure instanceof RelayException told
                            ? told
                            : new RelayException(Outcome.INTERNAL_ERROR, Outcome.INTERNAL_ERROR.message(), failure));
        }
    }

    /** Clients learn no more than that the account cannot serve; why is for the operator. */
    private static RelayException untold(Exchange exchange, @Nullable Instant againAt) {
        if (againAt == null) {
            return new RelayException(Outcome.NO_ACCOUNT);
        }
        return new RelayException(Outcome.ACCOUNTS_BUSY).retryAfter(Setback.wait(againAt, exchange.now()));
    }

    private void moveOn(Exchange exchange, UpstreamAttempt attempt, RelayException told) {
        attempt.end(told.outcome(), "no token");
        next.notMade(exchange, new Setback.Failed(told));
    }
}
