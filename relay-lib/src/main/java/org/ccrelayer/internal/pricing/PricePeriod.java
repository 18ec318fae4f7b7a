package org.ccrelayer.internal.pricing;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.util.List;

/**
 * A model's rates during a range of UTC days. Immutable.
 *
 * @param from first day; {@link LocalDate#MIN} where they always held
 * @param until first day on which they hold no longer; {@link LocalDate#MAX} where no end is known
 * @param bands at least one, by rising prompt length, without overlap or hole from 0 to {@link Long#MAX_VALUE}
 */
record PricePeriod(LocalDate from, LocalDate until, List<PriceBand> bands) {
    PricePeriod {
        requireNonNull(from, "from");
        requireNonNull(until, "until");
        bands = List.copyOf(bands);
        if (!from.isBefore(until) || bands.isEmpty()) {
            throw new IllegalArgumentException("a price period must not be empty");
        }
    }

    /** Rates that hold on every day. */
    static PricePeriod always(PriceBand band) {
        return new PricePeriod(LocalDate.MIN, LocalDate.MAX, List.of(band));
    }

    /** The rates for a prompt of that many tokens. */
    PriceBand bandFor(long promptTokens) {
        for (PriceBand band : bands) {
            if (promptTokens <= band.maxPrompt()) {
                return band;
            }
        }
        return bands.get(bands.size() - 1);
    }
}
