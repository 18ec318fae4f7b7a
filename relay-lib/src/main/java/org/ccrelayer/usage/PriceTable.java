package org.ccrelayer.usage;

import java.time.Instant;
import java.util.Optional;

/** Knows what an answer costs at list prices, and what it can cost at most. Safe for concurrent use; a table never changes under a caller. */
public interface PriceTable {
    /**
     * The exact price of an answer.
     *
     * @param requestedModel the model that was asked for, used where the answer names none
     * @param at when the request was made; prices are those of that UTC day
     */
    Cost price(MeteredAnswer answer, String requestedModel, Instant at);

    /**
     * The most that an answer to a request can cost per token: over every prompt length, on the day of the request and the
     * next. A model that is not known is taken at the dearest rates of all, since it may turn out to be any of them.
     *
     * @param model the model that is asked for, in any spelling
     */
    DearestRates dearest(String model, RequestTerms terms);

    /**
     * The family of a model, such as {@code opus}, in lower case; empty where the model is not known.
     *
     * @param model a model's name in any spelling
     */
    Optional<String> family(String model);
}
