package org.ccrelayer.internal.store.redis;

import java.util.Map;
import java.util.Optional;
import org.ccrelayer.apikey.ServiceRates;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.json.JsonObject;

/** What services count for, for every relay key, as the predecessor keeps it. Stateless. */
final class GlobalRates {
    private static final String NAME = "rates";

    private GlobalRates() {}

    /** The factors in that text; none where there is no text, or something else. */
    static ServiceRates of(Optional<String> text) {
        JsonObject json = new HashFields(Map.of(NAME, text.orElse(""))).object(NAME);
        try {
            return PredecessorKey.rates(json.object(NAME).orElse(JsonObject.empty()));
        } catch (JsonException e) {
            return ServiceRates.NONE;
        }
    }
}
