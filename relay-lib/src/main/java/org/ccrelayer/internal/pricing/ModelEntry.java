package org.ccrelayer.internal.pricing;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One model of a price file: its names and its prices. Immutable.
 *
 * @param id the model's id
 * @param names every spelling that means the model, the id included
 * @param price what it costs
 */
record ModelEntry(String id, List<String> names, ModelPrice price) {
    private static final Set<String> KNOWN = Set.of(
            "id",
            "display_name",
            "family",
            "status",
            "retires_on",
            "aliases",
            "other_known_names",
            "bedrock_ids",
            "bedrock_ids_inferred",
            "vertex_ids",
            "context_window_tokens",
            "max_output_tokens",
            "us_inference_multiplier",
            "prices",
            "fast_mode",
            "source",
            "confidence",
            "note");
    private static final Set<String> KNOWN_FAST = Set.of(
            "input", "output", "cache_write_5m", "cache_write_1h", "cache_read", "effective_until", "source", "note");

    ModelEntry {
        names = List.copyOf(names);
    }

    /** Reads a model, with stand-ins for what has a problem; empty where it has no id to be told by. */
    static Optional<ModelEntry> read(PriceFields unnamed) {
        Optional<String> id = unnamed.name("id");
        PriceFields fields = id.map(name -> unnamed.at(name + ": ")).orElse(unnamed);
        fields.allowOnly(KNOWN);
        PricedModel model = new PricedModel(
                id.orElse(""),
                fields.text("display_name").or(() -> id).orElse(""),
                fields.name("family").orElse(""),
                fields.tokens("context_window_tokens", 1),
                fields.tokens("max_output_tokens", 1));
        List<String> names = Stream.concat(id.stream(), otherNames(fields)).toList();
        ModelPrice price = new ModelPrice(model, PriceRow.readAll(fields), fastMode(fields), usMultiplier(fields));
        return id.map(known -> new ModelEntry(known, names, price));
    }

    private static Stream<String> otherNames(PriceFields fields) {
        return Stream.of("aliases", "other_known_names", "bedrock_ids", "vertex_ids")
                .flatMap(field -> fields.names(field).stream());
    }

    private static @Nullable FastMode fastMode(PriceFields fields) {
        Optional<PriceFields> fast = fields.object("fast_mode");
        if (fast.isEmpty()) {
            return null;
        }
        fast.get().allowOnly(KNOWN_FAST);
        return new FastMode(fast.get().rates(""), fast.get().day("effective_until", LocalDate.MAX));
    }

    private static BigDecimal usMultiplier(PriceFields fields) {
        String field = "us_inference_multiplier";
        return fields.has(field) ? fields.positiveAmount(field) : BigDecimal.ONE;
    }
}
