package org.ccrelayer.internal.pipeline;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;

/**
 * How long a request may take to reach its answer's headers, and an answer may stay silent.
 *
 * @param total for all attempts together to reach headers
 * @param attempt for one attempt at a streaming request to reach headers
 * @param silence between two bytes of an answer
 * @param maxSwitches how many times a request may move on to another account, 0 or more
 */
public record Deadlines(Duration total, Duration attempt, Duration silence, int maxSwitches) {
    /** A client that says how long it waits is believed up to here. */
    private static final Duration LONGEST_CLIENT_WAIT = Duration.ofSeconds(600);

    private static final String CLIENT_TIMEOUT_HEADER = "x-stainless-timeout";

    public Deadlines {
        requireNonNull(total, "total");
        requireNonNull(attempt, "attempt");
        requireNonNull(silence, "silence");
    }

    /**
     * What the next attempt has.
     *
     * @throws RelayException {@code UPSTREAM_TIMEOUT} where nothing is left
     */
    Duration untilHeaders(Exchange exchange) {
        Duration left = left(exchange);
        if (left.isNegative() || left.isZero()) {
            throw new RelayException(Outcome.UPSTREAM_TIMEOUT);
        }
        return exchange.facts().stream() && attempt.compareTo(left) < 0 ? attempt : left;
    }

    /** Whether another account may be tried. */
    boolean mayMoveOn(Exchange exchange) {
        return exchange.tried().size() <= maxSwitches && mayWait(exchange, Duration.ZERO);
    }

    /** Whether something may be tried after that time. */
    boolean mayWait(Exchange exchange, Duration time) {
        return exchange.unwanted().isEmpty() && left(exchange).compareTo(time) > 0;
    }

    private Duration left(Exchange exchange) {
        Duration allowed = exchange.facts().stream() ? total : raised(exchange);
        return allowed.minus(Duration.between(exchange.readAt(), exchange.now()));
    }

    /** A non-streaming answer sends its headers when it is whole, so the client's own patience counts. */
    private Duration raised(Exchange exchange) {
        String header = exchange.clientRequest().headers().get(CLIENT_TIMEOUT_HEADER);
        if (header == null || !header.matches("[0-9]{1,9}")) {
            return total;
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(header));
        Duration believed = asked.compareTo(LONGEST_CLIENT_WAIT) < 0 ? asked : LONGEST_CLIENT_WAIT;
        return believed.compareTo(total) > 0 ? believed : total;
    }
}
