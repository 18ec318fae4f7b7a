package org.ccrelayer.internal.pricing;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.List;
import org.ccrelayer.usage.Cost;

/**
 * The prices that belong to no model. Immutable.
 *
 * @param webSearch US dollars per search, whatever the tier, speed or place
 * @param fallback rates for models that are not known; all above zero
 * @param batchMultiplier factor for the fallback in a batch; known models name their batch rates
 * @param usMultiplier factor for the fallback where inference is bound to the United States
 */
record PriceRules(BigDecimal webSearch, TokenRates fallback, BigDecimal batchMultiplier, BigDecimal usMultiplier) {
    PriceRules {
        requireNonNull(webSearch, "webSearch");
        requireNonNull(fallback, "fallback");
        requireNonNull(batchMultiplier, "batchMultiplier");
        requireNonNull(usMultiplier, "usMultiplier");
    }

    /** The price of a model that is not known: most likely a new one, so the newest models' multipliers hold. */
    ModelPrice unknownModel() {
        PriceBand band = PriceBand.ofEveryPrompt(fallback, fallback.times(batchMultiplier));
        return new ModelPrice(null, List.of(PricePeriod.always(band)), null, usMultiplier);
    }

    /** The price of searches. */
    Cost searches(long requests) {
        // A broken upstream's negative count must not make an answer cheaper.
        BigDecimal fee = webSearch.multiply(BigDecimal.valueOf(Math.max(0, requests)));
        BigDecimal zero = BigDecimal.ZERO;
        return new Cost(zero, zero, zero, zero, zero, fee, false);
    }
}
