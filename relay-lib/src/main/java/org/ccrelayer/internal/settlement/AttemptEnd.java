package org.ccrelayer.internal.settlement;

import static java.util.Objects.requireNonNull;

import org.ccrelayer.usage.MeteredAnswer;

/**
 * What is known of an upstream attempt when it is over.
 *
 * @param start what was known before
 * @param sent whether the upstream may have seen the request
 * @param refused whether the upstream answered with an error status
 * @param answer what metering found
 */
public record AttemptEnd(AttemptStart start, boolean sent, boolean refused, MeteredAnswer answer) {
    public AttemptEnd {
        requireNonNull(start, "start");
        requireNonNull(answer, "answer");
    }
}
