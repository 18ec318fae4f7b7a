package org.ccrelayer.internal.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What follows a try that gave no answer: one at another account, else, where it was only busy for a moment, one at the same
 * account after a pause, else the client is told. Each further try takes from the {@link RetryBudget}. Safe for concurrent use;
 * never blocks.
 */
final class NextTry {
    private final Deadlines deadlines;
    private final RetryBudget retries;
    private final BackOff backOff;
    private final RelayResources resources;
    private final Consumer<Exchange> attempt;

    NextTry(
            Deadlines deadlines,
            RetryBudget retries,
            BackOff backOff,
            RelayResources resources,
            Consumer<Exchange> attempt) {
        this.deadlines = deadlines;
        this.retries = retries;
        this.backOff = backOff;
        this.resources = resources;
        this.attempt = attempt;
    }

    /** A try failed; {@code elsewhere} is whether another account may do better. */
    void after(Exchange exchange, Setback setback, boolean elsewhere) {
        exchange.setbacks().add(setback);
        boolean another = elsewhere && deadlines.mayMoveOn(exchange);
        Optional<Duration> pause = another ? Optional.empty() : pause(exchange);
        if (!another && pause.isEmpty() || !retries.take()) {
            tell(exchange);
        } else {
            exchange.granted(true);
            pause.ifPresentOrElse(time -> askAgain(exchange, time), () -> begin(exchange));
        }
    }

    /** A try was not made for want of a token; another one at another account costs no more than this one would have. */
    void notMade(Exchange exchange, Setback setback) {
        exchange.setbacks().add(setback);
        exchange.granted(false);
        if (deadlines.mayMoveOn(exchange)) {
            attempt.accept(exchange);
        } else {
            tell(exchange);
        }
    }

    /** Another try was granted, but no other account can serve; the first of those that wait is back at {@code othersBack}. */
    void noOther(Exchange exchange, @Nullable Instant othersBack) {
        pause(exchange).ifPresentOrElse(time -> askAgain(exchange, time), () -> {
            if (exchange.granted()) {
                retries.giveBack();
            }
            tell(exchange, othersBack);
        });
    }

    /** Tells the client what came of all tries. */
    void tell(Exchange exchange) {
        tell(exchange, null);
    }

    /** Nothing but the latest setback is told of an exchange that shall end for another reason. */
    private static void tell(Exchange exchange, @Nullable Instant othersBack) {
        Setbacks setbacks = exchange.setbacks();
        Setback told = exchange.unwanted().isPresent()
                ? setbacks.latest()
                : setbacks.told(exchange.tried().size(), othersBack, exchange.now());
        told.deliver(exchange);
    }

    /** How long to leave an account alone that is worth asking again; empty where there is none, or no time for it. */
    private Optional<Duration> pause(Exchange exchange) {
        return Optional.of(exchange.inPlace())
                .filter(InPlace::possible)
                .map(inPlace -> backOff.after(inPlace.times()))
                .filter(time -> deadlines.mayWait(exchange, time));
    }

    private void askAgain(Exchange exchange, Duration pause) {
        exchange.inPlace().begin();
        exchange.pausing(Pause.begin(resources.scheduler(), pause, () -> begin(exchange)));
    }

    /** Routing may ask the store, and this thread carries other answers. */
    private void begin(Exchange exchange) {
        try {
            resources.executor().execute(() -> attempt.accept(exchange));
        } catch (RejectedExecutionException e) {
            tell(exchange);
        }
    }
}
