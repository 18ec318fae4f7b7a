package org.ccrelayer.internal.store.redis;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.ccrelayer.apikey.Activation;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.KeyAccess;
import org.ccrelayer.apikey.ServiceRates;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A relay key as the predecessor keeps it, and beside it what that cannot say. Immutable.
 *
 * @param fields the predecessor's
 * @param own the relay's own
 */
record PredecessorKey(HashFields fields, HashFields own) {
    /** What the predecessor writes into every new key, and the relay has no use for. */
    private static final Map<String, String> UNUSED = Map.ofEntries(
            Map.entry("description", ""),
            Map.entry("icon", ""),
            Map.entry("tags", "[]"),
            Map.entry("createdBy", "relay"),
            Map.entry("userId", ""),
            Map.entry("userUsername", ""),
            Map.entry("lastUsedAt", ""),
            Map.entry("geminiAccountId", ""),
            Map.entry("openaiAccountId", ""),
            Map.entry("azureOpenaiAccountId", ""),
            Map.entry("bedrockAccountId", ""),
            Map.entry("droidAccountId", ""),
            Map.entry("allowedClients", "[]"),
            Map.entry("restrictedModels", "[]"),
            Map.entry("enableOpenAIResponsesCodexAdaptation", "true"),
            Map.entry("enableOpenAIResponsesPayloadRules", "false"),
            Map.entry("openaiResponsesPayloadRules", "[]"));

    /** Stands for services and programs that cannot be read; none has this name. */
    private static final String UNREADABLE = "unreadable";

    private static final int DEFAULT_ACTIVATION = 30;
    /** A factor beyond would take all memory to work with. */
    private static final int MOST_DIGITS = 100;

    private static final int LONGEST_ACTIVATION = 1_000_000;

    String id() {
        return fields.text("id");
    }

    boolean deleted() {
        return fields.isTrue("isDeleted");
    }

    /** The key. */
    ApiKey key() {
        return new ApiKey(
                id(),
                fields.text("name"),
                fields.text("apiKey"),
                fields.isTrue("isActive") && !deleted(),
                PredecessorLimits.read(fields, own),
                fields.moment("createdAt", own).orElse(Instant.EPOCH),
                expiresAt().orElse(null),
                activation(),
                PredecessorRouting.read(fields, own),
                access());
    }

    /** An end that nobody can read may have come. */
    private Optional<Instant> expiresAt() {
        return fields.moment("expiresAt", own)
                .or(() -> fields.given("expiresAt").map(unreadable -> Instant.EPOCH));
    }

    /** The predecessor lets such a key in for ever. */
    boolean endsUnreadably() {
        return fields.has("expiresAt") && fields.moment("expiresAt").isEmpty();
    }

    private Activation activation() {
        Instant activatedAt = fields.moment("activatedAt", own).orElse(null);
        if (!fields.text("expirationMode").equals("activation")) {
            return own.has("activatedAt") ? new Activation(0, activatedAt) : Activation.NONE;
        }
        Activation.Unit unit =
                fields.text("activationUnit").equals("hours") ? Activation.Unit.HOURS : Activation.Unit.DAYS;
        long length = Math.min(LONGEST_ACTIVATION, Math.max(1, fields.whole("activationDays", DEFAULT_ACTIVATION)));
        Instant since = activatedAt == null ? fields.moment("createdAt", own).orElse(Instant.EPOCH) : activatedAt;
        return new Activation((int) length, unit, fields.isTrue("isActivated") ? since : null);
    }

    private KeyAccess access() {
        return new KeyAccess(services(), clients(), rates(fields.object("serviceRates")));
    }

    /** Nobody can read what is none, so it lets nobody in; an empty list means anybody. */
    private @Nullable Set<String> clients() {
        if (!fields.isTrue("enableClientRestriction")) {
            return null;
        }
        Set<String> clients = fields.list("allowedClients").map(Set::copyOf).orElse(Set.of(UNREADABLE));
        return clients.isEmpty() ? null : clients;
    }

    /** A list in JSON; in old records one word, or several with commas between them. */
    private Set<String> services() {
        String text = fields.text("permissions").strip();
        Set<String> services = new TreeSet<>();
        if (text.startsWith("[")) {
            services.addAll(fields.list("permissions").orElse(List.of(UNREADABLE)));
        } else {
            for (String word : text.split(",")) {
                services.add(word.strip());
            }
            services.remove("");
        }
        return services.contains("all") ? Set.of() : services;
    }

    /** Whether nobody can tell what it is for. */
    boolean unreadableAccess() {
        KeyAccess access = access();
        Set<String> clients = access.clients();
        return access.services().contains(UNREADABLE) || clients != null && clients.contains(UNREADABLE);
    }

    static ServiceRates rates(JsonObject json) {
        Map<String, BigDecimal> factors = new TreeMap<>();
        for (String service : json.names()) {
            try {
                json.decimal(service)
                        .filter(factor ->
                                factor.signum() >= 0 && -MOST_DIGITS < factor.scale() && factor.scale() < MOST_DIGITS)
                        .ifPresent(factor -> factors.put(service, factor));
            } catch (JsonException e) {
                // What is no number counts for nothing, as with the predecessor.
                factors.remove(service);
            }
        }
        return new ServiceRates(factors);
    }

    /** All fields of a new key. */
    static Map<String, String> created(ApiKey key, Predicate<String> consoles) {
        Map<String, String> all = new LinkedHashMap<>(UNUSED);
        all.put("id", key.id());
        all.put("apiKey", key.hash());
        all.put("createdAt", HashFields.text(key.createdAt()));
        all.putAll(fields(key, consoles));
        return all;
    }

    /** The predecessor's fields that follow from what the relay knows of a key. */
    static Map<String, String> fields(ApiKey key, Predicate<String> consoles) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("name", key.name());
        fields.put("isActive", Boolean.toString(key.enabled()));
        fields.put("expiresAt", text(key.expiresAt()));
        PredecessorLimits.write(key.limits(), fields);
        PredecessorRouting.write(key.routing(), consoles, fields);
        activation(key, fields);
        access(key.access(), fields);
        return fields;
    }

    private static void activation(ApiKey key, Map<String, String> fields) {
        Activation activation = key.activation();
        boolean counts = activation.length() > 0;
        Instant since = activation.activatedAt() == null && !counts ? key.createdAt() : activation.activatedAt();
        fields.put("expirationMode", counts ? "activation" : "fixed");
        fields.put("activationDays", Integer.toString(activation.length()));
        fields.put("activationUnit", activation.unit() == Activation.Unit.HOURS ? "hours" : "days");
        fields.put("isActivated", Boolean.toString(!activation.pending()));
        fields.put("activatedAt", text(since));
    }

    private static void access(KeyAccess access, Map<String, String> fields) {
        Set<String> clients = access.clients();
        fields.put("permissions", HashFields.json(new TreeSet<>(access.services())));
        fields.put("enableClientRestriction", Boolean.toString(clients != null));
        if (clients != null) {
            fields.put("allowedClients", HashFields.json(new TreeSet<>(clients)));
        }
        JsonObject.Builder rates = JsonObject.build();
        new TreeMap<>(access.rates().factors()).forEach(rates::with);
        fields.put("serviceRates", rates.end().toString());
    }

    /** What the predecessor cannot say of a key. */
    static Map<String, String> own(ApiKey key, Predicate<String> consoles) {
        Map<String, String> own = new LinkedHashMap<>();
        finer("createdAt", key.createdAt(), own);
        finer("expiresAt", key.expiresAt(), own);
        finer("activatedAt", key.activation().activatedAt(), own);
        if (key.activation().length() == 0 && key.activation().activatedAt() != null) {
            own.put("activatedAt", key.activation().activatedAt().toString());
        }
        PredecessorLimits.writeOwn(key.limits(), own);
        PredecessorRouting.writeOwn(key.routing(), consoles, own);
        return own;
    }

    private static void finer(String name, @Nullable Instant at, Map<String, String> own) {
        if (at != null && HashFields.isFiner(at)) {
            own.put(name, at.toString());
        }
    }

    private static String text(@Nullable Instant at) {
        return at == null ? "" : HashFields.text(at);
    }
}
