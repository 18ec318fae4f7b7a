package org.ccrelayer.internal.pricing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.json.JsonObject;

/**
 * Reads price files: JSON of schema version 1, amounts in US dollars per million tokens, read as exact decimals. A file is
 * checked as a whole and yields either a complete table or every problem it has.
 */
public final class PriceFile {
    private static final long SCHEMA_VERSION = 1;
    private static final String CURRENCY = "USD";
    private static final Set<String> KNOWN = Set.of(
            "schema_version",
            "as_of",
            "currency",
            "unit",
            "parse_note",
            "rules",
            "id_matching",
            "not_priced",
            "models",
            "source",
            "note");
    private static final Set<String> KNOWN_RULES = Set.of(
            "batch_multiplier",
            "batch_scope",
            "us_inference_multiplier",
            "us_inference_scope",
            "fast_mode_scope",
            "web_search_usd_per_request",
            "web_fetch_usd_per_request",
            "code_execution_usd_per_container_hour",
            "code_execution_note",
            "cache_write_default_ttl",
            "prompt_tokens_for_bands",
            "long_context_surcharge",
            "managed_agent_session_usd_per_hour",
            "count_tokens_cost",
            "unbilled",
            "unknown_model_fallback",
            "partner_platforms",
            "note");
    private static final Set<String> KNOWN_FALLBACK =
            Set.of("input", "output", "cache_write_5m", "cache_write_1h", "cache_read", "source", "note");
    private static final List<String> FREE = List.of("web_fetch_usd_per_request", "count_tokens_cost");

    private PriceFile() {}

    /**
     * The table in a file that stands alone.
     *
     * @throws PriceFileException with all that is wrong
     */
    public static ModelPrices parse(byte[] file) {
        List<String> problems = new ArrayList<>();
        return table(document(file, problems), problems);
    }

    /**
     * The table in a file with an operator's file over it. The operator's file has the same form; each of its models
     * replaces the one with the same id as a whole or is added, each member of its {@code rules} replaces that member, and
     * both may be left out.
     *
     * @throws PriceFileException with all that is wrong
     */
    public static ModelPrices parse(byte[] file, byte[] operatorFile) {
        List<String> problems = new ArrayList<>();
        JsonObject base = document(file, problems);
        JsonObject operator = document(operatorFile, problems);
        return table(overlay(base, operator, problems), problems);
    }

    private static JsonObject document(byte[] file, List<String> problems) {
        JsonObject document;
        try {
            document = JsonObject.parse(file);
        } catch (JsonException e) {
            problems.add(e.getMessage());
            throw refusal(problems);
        }
        PriceFields fields = new PriceFields(document, "", problems);
        fields.allowOnly(KNOWN);
        if (!Long.valueOf(SCHEMA_VERSION).equals(fields.tokens("schema_version", 0))) {
            fields.problem("schema_version", "must be " + SCHEMA_VERSION);
        }
        if (!fields.text("currency").equals(Optional.of(CURRENCY))) {
            fields.problem("currency", "must be " + CURRENCY);
        }
        return document;
    }

    private static JsonObject overlay(JsonObject base, JsonObject operator, List<String> problems) {
        try {
            JsonObject rules = base.object("rules").orElse(JsonObject.empty());
            JsonObject changes = operator.object("rules").orElse(JsonObject.empty());
            for (String name : changes.names()) {
                rules = rules.with(name, changes.get(name));
            }
            return base.with("rules", rules).with("models", models(base, operator));
        } catch (JsonException e) {
            problems.add(e.getMessage());
            throw refusal(problems);
        }
    }

    /** The operator's models come first, so that a problem names their place in the operator's own file. */
    private static List<JsonObject> models(JsonObject base, JsonObject operator) {
        List<JsonObject> models = new ArrayList<>(operator.objects("models"));
        Set<Object> replaced = new HashSet<>();
        models.stream().filter(model -> model.has("id")).forEach(model -> replaced.add(model.get("id")));
        base.objects("models").stream()
                .filter(model -> !replaced.contains(model.get("id")))
                .forEach(models::add);
        return models;
    }

    private static ModelPrices table(JsonObject document, List<String> problems) {
        PriceFields fields = new PriceFields(document, "", problems);
        PriceRules rules = rules(fields);
        List<ModelEntry> entries = fields.objects("models").stream()
                .map(ModelEntry::read)
                .flatMap(Optional::stream)
                .toList();
        Map<String, ModelPrice> byName = index(entries, problems);
        if (!fields.has("models")) {
            fields.problem("models", "is missing");
        }
        if (!problems.isEmpty()) {
            throw refusal(problems);
        }
        return new ModelPrices(byName, rules);
    }

    private static PriceRules rules(PriceFields document) {
        PriceFields fields = document.object("rules").orElseGet(() -> document.missing("rules"));
        fields.allowOnly(KNOWN_RULES);
        for (String name : FREE) {
            if (fields.has(name) && fields.amount(name).signum() != 0) {
                fields.problem(name, "must be 0, since the relay charges nothing for it");
            }
        }
        return new PriceRules(
                fields.amount("web_search_usd_per_request"),
                fallback(fields),
                fields.positiveAmount("batch_multiplier"),
                fields.positiveAmount("us_inference_multiplier"));
    }

    private static TokenRates fallback(PriceFields rules) {
        PriceFields fields =
                rules.object("unknown_model_fallback").orElseGet(() -> rules.missing("unknown_model_fallback"));
        fields.allowOnly(KNOWN_FALLBACK);
        return fields.positiveRates();
    }

    private static Map<String, ModelPrice> index(List<ModelEntry> entries, List<String> problems) {
        Map<String, ModelEntry> owners = new HashMap<>();
        Map<String, ModelPrice> byName = new HashMap<>();
        for (ModelEntry entry : entries) {
            for (String name : entry.names()) {
                ModelEntry owner = owners.putIfAbsent(ModelName.key(name), entry);
                if (owner != null && owner != entry) {
                    problems.add(entry.id() + ": the name " + name + " also belongs to " + owner.id());
                }
                byName.put(ModelName.key(name), entry.price());
            }
        }
        return byName;
    }

    private static PriceFileException refusal(List<String> problems) {
        return new PriceFileException("the price file", problems);
    }
}
