package org.ccrelayer.usage;

import java.time.Instant;
import java.util.Optional;

/** Knows what an answer costs at list prices. Safe for concurrent use; a table never changes under a caller. */
public interface PriceTable {
    /**
     * The exact price of an answer.
     *
     * @param requestedModel the model that was asked for, used where the answer names none
     * @param at when the request was made; prices are those of that UTC day
     */
    Cost price(MeteredAnswer answer, String requestedModel, Instant at);

    /** The family of a model in any known spelling, such as {@code opus}; empty where the table does not know it. */
    default Optional<String> family(String model) {
        return Optional.empty();
    }
}
