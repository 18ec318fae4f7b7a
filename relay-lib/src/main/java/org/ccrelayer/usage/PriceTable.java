package org.ccrelayer.usage;

import java.time.Instant;

/** Knows what an answer costs at list prices. Safe for concurrent use; a table never changes under a caller. */
public interface PriceTable {
    /**
     * The exact price of an answer.
     *
     * @param requestedModel the model that was asked for, used where the answer names none
     * @param at when the request was made; prices are those of that UTC day
     */
    Cost price(MeteredAnswer answer, String requestedModel, Instant at);
}
