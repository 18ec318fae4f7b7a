package org.ccrelayer.internal.admin;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.ccrelayer.admin.Degradation;
import org.ccrelayer.admin.RelayAdministration;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.network.EndpointGuard;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The administration API over HTTP: JSON in, JSON out, one table of routes. Who asks is decided before anything else, so
 * that strangers do not learn which routes there are. Safe for concurrent use; may block on the store.
 */
public final class AdminApi {
    private static final Logger LOG = LoggerFactory.getLogger(AdminApi.class);

    private final AdminLogin login;
    private final List<AdminRoute> routes;

    /**
     * The API of a relay.
     *
     * @param baseUrls the guard that {@code administration} uses, so that all problems of a body are told at once
     * @param keyRules the rules that {@code administration} uses, for the same reason
     * @param storeHealthy whether the store answers; does not block
     * @param sessionMoves how many sessions moved to another account, by cause; does not block
     * @param degraded what keeps the relay from doing its work well; does not block
     */
    public AdminApi(
            RelayAdministration administration,
            EndpointGuard baseUrls,
            KeyRules keyRules,
            BooleanSupplier storeHealthy,
            Supplier<Map<String, Long>> sessionMoves,
            Supplier<List<Degradation>> degraded,
            AdminLogin login,
            InstantSource time) {
        this.login = login;
        AccountRoutes accounts =
                new AccountRoutes(administration, new AccountFields(baseUrls, new KnownProxies(administration)));
        KeyRoutes keys = new KeyRoutes(administration, new KeyFields(keyRules, time));
        UsageRoute usage = new UsageRoute(administration);
        StatusRoute status = new StatusRoute(administration, storeHealthy, sessionMoves, degraded);
        this.routes = List.of(
                new AdminRoute("POST", "/admin/login", true, (request, none) -> login.login(request)),
                new AdminRoute("GET", "/admin/status", false, status::read),
                new AdminRoute("GET", "/admin/accounts", false, accounts::list),
                new AdminRoute("POST", "/admin/accounts", false, accounts::create),
                new AdminRoute("GET", "/admin/accounts/{id}", false, accounts::read),
                new AdminRoute("PUT", "/admin/accounts/{id}", false, accounts::change),
                new AdminRoute("DELETE", "/admin/accounts/{id}", false, accounts::delete),
                new AdminRoute("POST", "/admin/accounts/{id}/toggle", false, accounts::toggle),
                new AdminRoute("POST", "/admin/accounts/{id}/refresh", false, accounts::refresh),
                new AdminRoute("GET", "/admin/keys", false, keys::list),
                new AdminRoute("POST", "/admin/keys", false, keys::create),
                new AdminRoute("PUT", "/admin/keys/{id}", false, keys::change),
                new AdminRoute("DELETE", "/admin/keys/{id}", false, keys::delete),
                new AdminRoute("GET", "/admin/usage", false, usage::read));
    }

    /** Every route there is. */
    List<AdminRoute> routes() {
        return routes;
    }

    /** The answer to a request; never throws. */
    public AdminResponse handle(AdminRequest request) {
        try {
            return answer(request);
        } catch (JsonException e) {
            return AdminResponse.invalid("The body must be a JSON object: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            return AdminResponse.invalid(String.valueOf(e.getMessage()));
        } catch (RelayException e) {
            LOG.warn("{} failed: {}", request, e.outcome(), e);
            return AdminResponse.of(e);
        } catch (RuntimeException e) {
            return defect(request, e);
        }
    }

    /** Whether everybody may call the route. */
    boolean open(String method, String path) {
        return routes.stream()
                .anyMatch(route -> route.open()
                        && route.method().equals(method)
                        && route.match(path).isPresent());
    }

    /** Whether the request comes from the administrator. */
    boolean authenticated(AdminRequest request) {
        return login.authenticated(request);
    }

    private AdminResponse answer(AdminRequest request) {
        List<AdminRoute> samePath = routes.stream()
                .filter(route -> route.match(request.path()).isPresent())
                .toList();
        Optional<AdminRoute> found = samePath.stream()
                .filter(route -> route.method().equals(request.method()))
                .findFirst();
        if (found.filter(AdminRoute::open).isEmpty() && !login.authenticated(request)) {
            return AdminResponse.unauthenticated(
                    "The session token is missing, wrong or over. POST /admin/login gives one; send it as"
                            + " Authorization: Bearer.");
        }
        return found.map(route -> route.answer()
                        .apply(request, route.match(request.path()).orElse("")))
                .orElseGet(() -> unroutable(samePath));
    }

    private static AdminResponse unroutable(List<AdminRoute> samePath) {
        if (samePath.isEmpty()) {
            return AdminResponse.notFound("There is no such endpoint in the administration API.");
        }
        String allowed = samePath.stream().map(AdminRoute::method).sorted().collect(Collectors.joining(", "));
        return AdminResponse.error(405, "invalid_request_error", "This endpoint answers only to " + allowed + ".")
                .with("allow", allowed);
    }

    private static AdminResponse defect(AdminRequest request, RuntimeException cause) {
        String id = UUID.randomUUID().toString();
        LOG.error("{} failed, error {}", request, id, cause);
        return AdminResponse.error(
                Outcome.INTERNAL_ERROR.status(),
                Outcome.INTERNAL_ERROR.errorType(),
                Outcome.INTERNAL_ERROR.message() + " The log has more under " + id + ".");
    }
}
