package org.ccrelayer.internal.pricing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.ccrelayer.internal.json.JsonObject;

/** Price files for tests. */
final class PriceFiles {
    private PriceFiles() {}

    static JsonObject bundled() {
        return JsonObject.parse(bundledBytes());
    }

    static byte[] bundledBytes() {
        try (InputStream in = Objects.requireNonNull(CurrentPrices.class.getResourceAsStream("model-prices.json"))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file with some models and nothing else. */
    static JsonObject with(JsonObject... models) {
        return JsonObject.empty()
                .with("schema_version", 1)
                .with("currency", "USD")
                .with("models", List.of(models));
    }

    /** A model with the given rows. */
    static JsonObject model(String id, JsonObject... rows) {
        return JsonObject.empty().with("id", id).with("family", "opus").with("prices", List.of(rows));
    }

    /** A row that always holds: 1, 2, 3, 4, 5 and half of each in a batch. */
    static JsonObject row() {
        JsonObject row = JsonObject.empty();
        int rate = 1;
        for (String name : List.of("input", "output", "cache_write_5m", "cache_write_1h", "cache_read")) {
            row = row.with(name, rate).with("batch_" + name, new BigDecimal(rate).divide(new BigDecimal(2)));
            rate++;
        }
        return row;
    }

    static JsonObject days(String from, String until) {
        return row().with("effective_from", from).with("effective_until", until);
    }

    static JsonObject prompts(Integer min, Integer max) {
        return row().with("min_prompt_tokens", min).with("max_prompt_tokens", max);
    }

    /** The object without a member. */
    static JsonObject without(JsonObject object, String name) {
        JsonObject rest = JsonObject.empty();
        for (String other : object.names()) {
            rest = other.equals(name) ? rest : rest.with(other, object.get(other));
        }
        return rest;
    }

    /** The bundled file with a change to one rule. */
    static JsonObject withRule(String name, Object value) {
        JsonObject bundled = bundled();
        return bundled.with("rules", bundled.object("rules").orElseThrow().with(name, value));
    }

    /** The bundled file with one model more. */
    static JsonObject bundledAnd(JsonObject model) {
        List<JsonObject> models = new ArrayList<>(bundled().objects("models"));
        models.add(model);
        return bundled().with("models", models);
    }
}
