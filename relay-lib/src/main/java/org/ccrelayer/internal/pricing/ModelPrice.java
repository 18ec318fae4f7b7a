package org.ccrelayer.internal.pricing;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.ccrelayer.usage.Cost;
import org.ccrelayer.usage.DearestRates;
import org.ccrelayer.usage.RequestTerms;
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

    /**
     * The most that a token of an answer can cost.
     *
     * @param webSearch US dollars per search
     */
    DearestRates dearest(RequestTerms terms, BigDecimal webSearch) {
        LocalDate day = LocalDate.ofInstant(terms.at(), ZoneOffset.UTC);
        BigDecimal input = BigDecimal.ZERO;
        BigDecimal output = BigDecimal.ZERO;
        // An answer is priced by the day of the request, but the upstream's clock may already be past midnight.
        for (LocalDate each : List.of(day, day.plusDays(1))) {
            for (TokenRates rates : ratesOn(each, terms.fast())) {
                input = input.max(rates.dearestInput(terms));
                output = output.max(rates.output());
            }
        }
        BigDecimal perToken = (terms.usInference() ? usMultiplier.max(BigDecimal.ONE) : BigDecimal.ONE)
                .movePointLeft(TokenRates.MILLION_DIGITS);
        return new DearestRates(
                input.multiply(perToken), output.multiply(perToken), webSearch, contextWindow(), maxOutput());
    }

    /** Every rate of a day; fast requests may run at standard speed, too. */
    private List<TokenRates> ratesOn(LocalDate day, boolean fast) {
        Stream<TokenRates> standard = periodOn(day).bands().stream().map(PriceBand::standard);
        return fast && fastMode != null && fastMode.isOfferedOn(day)
                ? Stream.concat(standard, Stream.of(fastMode.rates())).toList()
                : standard.toList();
    }

    private long contextWindow() {
        Long tokens = model == null ? null : model.contextWindowTokens();
        return tokens == null ? DearestRates.DEFAULT_CONTEXT_WINDOW : tokens;
    }

    private long maxOutput() {
        Long tokens = model == null ? null : model.maxOutputTokens();
        return tokens == null ? DearestRates.DEFAULT_MAX_OUTPUT : tokens;
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
