package org.ccrelayer.internal.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.routing.Asking;
import org.ccrelayer.internal.routing.Pin;
import org.ccrelayer.internal.routing.Route;

/**
 * What a client is told where no account can serve its request. Immutable.
 *
 * @param boundElsewhere told where the request's session is bound to an account that cannot serve it
 */
record NoAccount(String boundElsewhere) {
    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    RelayException of(Exchange exchange, Asking asking, Route route) {
        String model = exchange.facts().model();
        Pin pin = asking.pin();
        if (pin.cause() == Pin.Cause.SESSION && !route.full()) {
            return new RelayException(Outcome.FORBIDDEN, boundElsewhere);
        }
        String accounts = pin.cause() == Pin.Cause.OBJECTS
                ? "The upstream accounts that have what the request names"
                : "All upstream accounts for the model " + model;
        if (route.full()) {
            return new RelayException(Outcome.ACCOUNTS_BUSY, accounts + " are busy. Try again in a moment.")
                    .retryAfter(A_MOMENT);
        }
        Optional<Instant> back = route.soonestBack();
        if (back.isPresent()) {
            return new RelayException(
                            Outcome.ACCOUNTS_BUSY,
                            accounts + " wait for their limits. The first is back at " + back.get() + ".")
                    .retryAfter(Setback.wait(back.get(), exchange.now()));
        }
        if (pin.cause() == Pin.Cause.OBJECTS && !route.resting()) {
            return new RelayException(Outcome.INVALID_REQUEST, pin.gone()).code(pin.code());
        }
        return new RelayException(
                Outcome.NO_ACCOUNT,
                "No upstream account of this relay can serve the model " + model
                        + ". Its operator can add or enable one.");
    }
}
