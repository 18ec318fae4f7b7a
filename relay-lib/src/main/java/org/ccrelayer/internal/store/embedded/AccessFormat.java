package org.ccrelayer.internal.store.embedded;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ccrelayer.apikey.KeyAccess;
import org.ccrelayer.apikey.ServiceRates;
import org.ccrelayer.internal.json.JsonObject;

/** What relay keys are for, as members of their JSON. Stateless. */
final class AccessFormat {
    private AccessFormat() {}

    static JsonObject write(JsonObject json, KeyAccess access) {
        Set<String> clients = access.clients();
        JsonObject.Builder rates = JsonObject.build();
        new TreeMap<>(access.rates().factors()).forEach(rates::with);
        return json.with("services", new TreeSet<>(access.services()))
                .with("clients", clients == null ? null : new TreeSet<>(clients))
                .with("serviceRates", rates.end());
    }

    /** Records that were written when every key was for everything say nothing of it. */
    static KeyAccess read(JsonObject json) {
        return new KeyAccess(
                Set.copyOf(json.strings("services").orElse(List.of())),
                json.strings("clients").map(Set::copyOf).orElse(null),
                new ServiceRates(
                        json.object("serviceRates").map(AccessFormat::rates).orElse(Map.of())));
    }

    private static Map<String, BigDecimal> rates(JsonObject json) {
        Map<String, BigDecimal> rates = new TreeMap<>();
        json.names().forEach(name -> json.decimal(name).ifPresent(factor -> rates.put(name, factor)));
        return rates;
    }
}
