package org.ccrelayer.internal.pricing;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.ccrelayer.usage.Cost;
import org.jspecify.annotations.Nullable;

/**
 * One model's prices, or the fallback for models that have none. Immutable.
 *
 * @param model the model; null for the fallback
 * @param periods at least one, in order of time, without overlap or hole between them
 * @param fastMode its rates at high speed; null where it is not offered
 * @param usMultiplier factor for inference bound to the United States; one where it makes no difference
 */
record ModelPrice(
        @Nullable PricedModel model,
        List<PricePeriod> periods,
        @Nullable FastMode fastMode,
        BigDecimal usMultiplier) {
    ModelPrice {
        periods = List.copyOf(periods);
        requireNonNull(usMultiplier, "usMultiplier");
        if (periods.isEmpty()) {
            throw new IllegalArgumentException("a model must have a price");
        }
    }

    /** What a step costs. */
    Cost price(BilledStep step, BillingTerms terms) {
        BigDecimal factor = terms.usInference() ? usMultiplier : BigDecimal.ONE;
        return rates(step.bandPrompt(), terms).price(step.tokens(), factor, model == null);
    }

    private TokenRates rates(long bandPrompt, BillingTerms terms) {
        if (terms.fast() && fastMode != null && fastMode.isOfferedOn(terms.day())) {
            return fastMode.rates();
        }
        PriceBand band = periodOn(terms.day()).bandFor(bandPrompt);
        return terms.batch() ? band.batch() : band.standard();
    }

    /** The period of a day; before the first period the first, after the last the last, so that no day is free. */
    private PricePeriod periodOn(LocalDate day) {
        for (PricePeriod period : periods) {
            if (day.isBefore(period.until())) {
                return period;
            }
        }
        return periods.get(periods.size() - 1);
    }
}
