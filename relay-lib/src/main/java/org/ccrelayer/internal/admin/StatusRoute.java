package org.ccrelayer.internal.admin;

import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ccrelayer.account.Account;
import org.ccrelayer.admin.Degradation;
import org.ccrelayer.admin.RelayAdministration;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.usage.Cost;
import org.ccrelayer.usage.UsageTotals;

/** How the relay is doing, over HTTP. It answers also while the store does not. Safe for concurrent use. */
final class StatusRoute {

    private final RelayAdministration administration;
    private final BooleanSupplier storeHealthy;
    private final Supplier<Map<String, Long>> sessionMoves;
    private final Supplier<List<Degradation>> degraded;

    StatusRoute(
            RelayAdministration administration,
            BooleanSupplier storeHealthy,
            Supplier<Map<String, Long>> sessionMoves,
            Supplier<List<Degradation>> degraded) {
        this.administration = administration;
        this.storeHealthy = storeHealthy;
        this.sessionMoves = sessionMoves;
        this.degraded = degraded;
    }

    AdminResponse read(AdminRequest request, String none) {
        try {
            JsonObject figures = head(storeHealthy.getAsBoolean())
                    .with("accounts", accounts(administration.accounts()))
                    .with("keys", keys(administration.keys()))
                    .with("usage", usage(administration.usage()));
            return AdminResponse.ok(tail(figures));
        } catch (RelayException e) {
            JsonObject unread =
                    head(false).with("accounts", null).with("keys", null).with("usage", null);
            return AdminResponse.ok(tail(unread));
        }
    }

    private JsonObject tail(JsonObject figures) {
        return figures.with("sessionMoves", moves())
                .with(
                        "degraded",
                        degraded.get().stream().map(StatusRoute::degradation).toList());
    }

    private static JsonObject degradation(Degradation found) {
        return JsonObject.empty()
                .with("where", found.where())
                .with("problem", found.problem())
                .with("since", found.since().toString());
    }

    private JsonObject moves() {
        JsonObject counts = JsonObject.empty();
        for (Map.Entry<String, Long> cause : sessionMoves.get().entrySet()) {
            counts = counts.with(cause.getKey(), cause.getValue());
        }
        return counts;
    }

    private static JsonObject head(boolean store) {
        return JsonObject.empty().with("status", "ok").with("store", store ? "ok" : "error");
    }

    private static JsonObject accounts(List<Account> accounts) {
        return JsonObject.empty()
                .with("total", accounts.size())
                .with(
                        "schedulable",
                        accounts.stream().filter(Account::schedulable).count());
    }

    private static JsonObject keys(List<ApiKey> keys) {
        return JsonObject.empty()
                .with("total", keys.size())
                .with("enabled", keys.stream().filter(ApiKey::enabled).count());
    }

    private static JsonObject usage(UsageTotals totals) {
        return JsonObject.empty()
                .with("attempts", totals.attempts())
                .with("inputTokens", totals.tokens().input())
                .with("outputTokens", totals.tokens().output())
                .with("cacheWrite5mTokens", totals.tokens().cacheWrite5m())
                .with("cacheWrite1hTokens", totals.tokens().cacheWrite1h())
                .with("cacheReadTokens", totals.tokens().cacheRead())
                .with("costUsd", usd(totals.costNanoUsd()))
                .with("countedUsd", usd(totals.countedNanoUsd()));
    }

    /** The exact amount as a text, since a reader may take a JSON number for a double. */
    private static String usd(long nano) {
        return Cost.usd(nano).toPlainString();
    }
}
