package org.ccrelayer.internal.admin;

import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.account.AccountStatus;
import org.ccrelayer.account.AccountTerms;
import org.ccrelayer.account.ConsumerLogin;
import org.ccrelayer.admin.RelayAdministration;
import org.ccrelayer.internal.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Accounts over HTTP. Credentials come in and never go out. Safe for concurrent use. */
final class AccountRoutes {
    /** What is said of an id that no account has. */
    static final String UNKNOWN_ID = "There is no account with this id. GET /admin/accounts lists all.";

    private static final String UNTOUCHED =
            "This is a consumer login of the predecessor, which the relay lists and leaves as it is. Change it with the predecessor;"
                    + " to serve requests, POST /admin/accounts with a credential of your organization, and proxyFrom with this id"
                    + " to take over its proxy.";

    private static final String UNDECRYPTABLE =
            "A stored secret cannot be decrypted with this ENCRYPTION_KEY. Set it anew.";

    private final RelayAdministration administration;
    private final AccountFields fields;

    AccountRoutes(RelayAdministration administration, AccountFields fields) {
        this.administration = administration;
        this.fields = fields;
    }

    AdminResponse list(AdminRequest request, String none) {
        return AdminResponse.list(Stream.concat(
                        administration.accounts().stream().map(this::json),
                        administration.consumerLogins().stream().map(ConsumerLoginJson::of))
                .toList());
    }

    AdminResponse read(AdminRequest request, String id) {
        return administration
                .account(id)
                .map(this::json)
                .or(() -> login(id).map(ConsumerLoginJson::of))
                .map(AdminResponse::ok)
                .orElseGet(() -> AdminResponse.notFound(UNKNOWN_ID));
    }

    private Optional<ConsumerLogin> login(String id) {
        return administration.consumerLogins().stream()
                .filter(login -> login.id().equals(id))
                .findFirst();
    }

    /** For what cannot be done with that id, since no account has it. */
    private AdminResponse none(String id) {
        return login(id).isPresent() ? AdminResponse.invalid(UNTOUCHED) : AdminResponse.notFound(UNKNOWN_ID);
    }

    AdminResponse create(AdminRequest request, String none) {
        return AdminResponse.created(json(administration.createAccount(fields.newAccount(request.body()))));
    }

    AdminResponse change(AdminRequest request, String id) {
        return administration
                .changeAccount(id, fields.change(request.body()))
                .map(account -> AdminResponse.ok(json(account)))
                .orElseGet(() -> none(id));
    }

    AdminResponse toggle(AdminRequest request, String id) {
        return administration
                .toggleAccount(id)
                .map(account -> AdminResponse.ok(JsonObject.empty().with("schedulable", account.schedulable())))
                .orElseGet(() -> none(id));
    }

    AdminResponse refresh(AdminRequest request, String id) {
        return administration
                .refreshToken(id)
                .map(token -> AdminResponse.ok(JsonObject.empty().with("token", CredentialJson.json(token))))
                .orElseGet(() -> none(id));
    }

    AdminResponse delete(AdminRequest request, String id) {
        return administration.deleteAccount(id)
                ? AdminResponse.ok(JsonObject.empty().with("status", "deleted"))
                : none(id);
    }

    private JsonObject json(Account account) {
        JsonObject.Builder json = JsonObject.build()
                .with("id", account.id())
                .with("name", account.name())
                .with("kind", account.kind().id())
                .with("baseUrl", account.baseUrl().toString());
        CredentialJson.add(json, account, administration.tokenStatus(account.id()));
        json.with("priority", account.priority())
                .with("schedulable", account.schedulable())
                .with("models", new TreeSet<>(account.models()));
        addRouting(json, account.routing());
        json.with("createdAt", account.createdAt().toString());
        addTerms(json, account.terms());
        return json.with("credentialProblem", problem(account))
                .with("proxy", EgressJson.of(account.proxy()))
                .with("tls", EgressJson.of(account.tls()))
                .with("connections", EgressJson.of(administration.connections(account.id())))
                .with("health", json(administration.accountStatus(account.id())))
                .end();
    }

    private static @Nullable String problem(Account account) {
        return account.hasReadableCredential()
                ? null
                : account.credentialProblem().orElse(UNDECRYPTABLE);
    }

    private static JsonObject json(AccountStatus status) {
        JsonObject.Builder families = JsonObject.build();
        new TreeMap<>(status.limitedUntil()).forEach((family, until) -> families.with(family, until.toString()));
        JsonObject.Builder json = JsonObject.build()
                .with("state", status.state())
                .with("reason", status.reason())
                .with("until", text(status.until()))
                .with("familiesLimitedUntil", families.end())
                .with("running", status.running())
                .with("fiveHour", json(status.fiveHour()))
                .with("sevenDay", json(status.sevenDay()));
        AccountStatus.Quota quota = status.quota();
        return quota == null ? json.end() : json.with("quota", json(quota)).end();
    }

    private static JsonObject json(AccountStatus.Quota quota) {
        return JsonObject.empty()
                .with("limitUsd", Usd.of(quota.limitNanoUsd()))
                .with("spentUsd", Usd.of(quota.spentNanoUsd()))
                .with("resetsAt", quota.resetsAt().toString());
    }

    private static JsonObject json(AccountStatus.UsageWindow window) {
        return JsonObject.empty()
                .with("status", window.status())
                .with("utilization", window.utilization())
                .with("resetsAt", text(window.resetsAt()));
    }

    private static @Nullable String text(@Nullable Instant moment) {
        return moment == null ? null : moment.toString();
    }

    private static void addRouting(JsonObject.Builder json, AccountRouting routing) {
        JsonObject.Builder map = JsonObject.build();
        new TreeMap<>(routing.modelMap()).forEach(map::with);
        json.with("modelsDenied", new TreeSet<>(routing.modelsDenied()))
                .with("modelMap", map.end())
                .with("concurrencyLimit", routing.concurrency())
                .with("weight", routing.weight())
                .with("groups", new TreeSet<>(routing.groups()))
                .with("dedicated", routing.dedicated())
                .with("workspace", routing.workspace())
                .with("autoStopOnWarning", routing.autoStopOnWarning());
    }

    private static void addTerms(JsonObject.Builder json, AccountTerms terms) {
        json.with("dailyQuota", Usd.of(terms.dailyQuotaNanoUsd()))
                .with("quotaResetTime", terms.quotaResetAt().toString())
                .with("subscriptionExpiresAt", text(terms.endsAt()))
                .with("interceptWarmup", terms.interceptWarmup())
                .with("restsUntil", text(terms.restsUntil()));
    }
}
