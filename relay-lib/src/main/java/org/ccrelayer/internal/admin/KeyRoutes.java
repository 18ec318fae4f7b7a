package org.ccrelayer.internal.admin;

import java.time.Instant;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ccrelayer.admin.IssuedKey;
import org.ccrelayer.admin.RelayAdministration;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyAccess;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.apikey.KeyRouting;
import org.ccrelayer.apikey.RateLimit;
import org.ccrelayer.internal.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Relay keys over HTTP. A key itself goes out once, when it is issued. Safe for concurrent use. */
final class KeyRoutes {
    /** What is said of an id that no key has. */
    static final String UNKNOWN_ID = "There is no relay key with this id. GET /admin/keys lists all.";

    private final RelayAdministration administration;
    private final KeyFields fields;

    KeyRoutes(RelayAdministration administration, KeyFields fields) {
        this.administration = administration;
        this.fields = fields;
    }

    AdminResponse list(AdminRequest request, String none) {
        return AdminResponse.list(
                administration.keys().stream().map(KeyRoutes::json).toList());
    }

    AdminResponse create(AdminRequest request, String none) {
        IssuedKey issued = administration.createKey(fields.newKey(request.body()));
        return AdminResponse.created(JsonObject.empty()
                .with("id", issued.key().id())
                .with("key", issued.secret().reveal())
                .with("name", issued.key().name()));
    }

    AdminResponse change(AdminRequest request, String id) {
        return administration
                .changeKey(id, fields.change(request.body()))
                .map(key -> AdminResponse.ok(json(key)))
                .orElseGet(() -> AdminResponse.notFound(UNKNOWN_ID));
    }

    AdminResponse delete(AdminRequest request, String id) {
        return administration.deleteKey(id)
                ? AdminResponse.ok(JsonObject.empty().with("status", "deleted"))
                : AdminResponse.notFound(UNKNOWN_ID);
    }

    private static JsonObject json(ApiKey key) {
        JsonObject.Builder json =
                JsonObject.build().with("id", key.id()).with("name", key.name()).with("enabled", key.enabled());
        addLimits(json, key.limits());
        addRouting(json, key.routing());
        json.with("createdAt", key.createdAt().toString())
                .with("expiresAt", text(key.expiresAt()))
                .with("activationDays", key.activation().days())
                .with("activationHours", key.activation().hours())
                .with("activatedAt", text(key.activation().activatedAt()));
        return addAccess(json, key.access()).end();
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }

    private static void addLimits(JsonObject.Builder json, KeyLimits limits) {
        RateLimit rate = limits.rate();
        json.with("concurrencyLimit", limits.concurrency())
                .with("rateLimitWindow", rate.windowMinutes())
                .with("rateLimitRequests", rate.requests())
                .with("rateLimitTokens", rate.tokens())
                .with("rateLimitCost", Usd.of(rate.costNanoUsd()));
        addBudgets(json, limits.budgets());
        json.with("modelsAllowed", new TreeSet<>(limits.modelsAllowed()))
                .with("modelsDenied", new TreeSet<>(limits.modelsDenied()));
    }

    private static void addRouting(JsonObject.Builder json, KeyRouting routing) {
        json.with("boundAccount", routing.account())
                .with("boundGroup", routing.group())
                .with("mayLeave", routing.mayLeave())
                .with("contentAffinity", routing.contentAffinity());
    }

    private static JsonObject.Builder addAccess(JsonObject.Builder json, KeyAccess access) {
        Set<String> clients = access.clients();
        JsonObject.Builder rates = JsonObject.build();
        new TreeMap<>(access.rates().factors()).forEach(rates::with);
        return json.with("permissions", new TreeSet<>(access.services()))
                .with("allowedClients", clients == null ? Set.of() : new TreeSet<>(clients))
                .with("serviceRates", rates.end());
    }

    private static void addBudgets(JsonObject.Builder json, Budgets budgets) {
        Budgets.Weekly weekly = budgets.weekly();
        json.with("dailyCostLimit", Usd.of(budgets.dailyNanoUsd()))
                .with("totalCostLimit", Usd.of(budgets.totalNanoUsd()))
                .with("weeklyCostLimit", Usd.of(weekly.nanoUsd()))
                .with("weeklyCostScope", weekly.scope())
                .with("weeklyResetDay", weekly.resetDay())
                .with("weeklyResetHour", weekly.resetHour())
                .with("timezoneOffset", budgets.timezoneOffsetHours())
                .with("budgetMode", LimitFields.name(budgets.mode()));
    }
}
