package org.ccrelayer.internal.pricing;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;

/**
 * What a model's tokens cost at high speed. Immutable.
 *
 * @param rates in place of the standard ones, prompt bands included
 * @param until first UTC day on which the mode is no longer offered; {@link LocalDate#MAX} where no end is known
 */
record FastMode(TokenRates rates, LocalDate until) {
    FastMode {
        requireNonNull(rates, "rates");
        requireNonNull(until, "until");
    }

    boolean isOfferedOn(LocalDate day) {
        return day.isBefore(until);
    }
}
