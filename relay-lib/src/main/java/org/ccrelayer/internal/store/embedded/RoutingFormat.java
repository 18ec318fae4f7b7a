package org.ccrelayer.internal.store.embedded;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.apikey.KeyRouting;
import org.ccrelayer.internal.json.JsonObject;

/** Where requests may go, as members of the JSON of accounts and relay keys. Stateless. */
final class RoutingFormat {
    private RoutingFormat() {}

    static JsonObject write(JsonObject json, AccountRouting routing) {
        JsonObject.Builder map = JsonObject.build();
        new TreeMap<>(routing.modelMap()).forEach(map::with);
        return json.with("modelsDenied", new TreeSet<>(routing.modelsDenied()))
                .with("modelMap", map.end())
                .with("concurrencyLimit", routing.concurrency())
                .with("weight", routing.weight())
                .with("groups", new TreeSet<>(routing.groups()))
                .with("dedicated", routing.dedicated())
                .with("workspace", routing.workspace())
                .with("autoStopOnWarning", routing.autoStopOnWarning());
    }

    static AccountRouting ofAccount(JsonObject json) {
        return new AccountRouting(
                strings(json, "modelsDenied"),
                json.object("modelMap").map(RoutingFormat::names).orElse(Map.of()),
                json.integer("concurrencyLimit").orElse(0L).intValue(),
                json.integer("weight").orElse(1L).intValue(),
                strings(json, "groups"),
                json.bool("dedicated").orElse(false),
                json.string("workspace").orElse(null),
                json.bool("autoStopOnWarning").orElse(false));
    }

    static JsonObject write(JsonObject json, KeyRouting routing) {
        return json.with("boundAccount", routing.account())
                .with("boundGroup", routing.group())
                .with("mayLeave", routing.mayLeave())
                .with("contentAffinity", routing.contentAffinity());
    }

    static KeyRouting ofKey(JsonObject json) {
        return new KeyRouting(
                json.string("boundAccount").orElse(null),
                json.string("boundGroup").orElse(null),
                json.bool("mayLeave").orElse(false),
                json.bool("contentAffinity").orElse(true));
    }

    private static Map<String, String> names(JsonObject json) {
        Map<String, String> names = new LinkedHashMap<>();
        json.names().forEach(name -> json.string(name).ifPresent(other -> names.put(name, other)));
        return names;
    }

    private static Set<String> strings(JsonObject json, String name) {
        return Set.copyOf(json.strings(name).orElse(List.of()));
    }
}
