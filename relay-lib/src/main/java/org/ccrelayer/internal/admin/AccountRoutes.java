package org.ccrelayer.internal.admin;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountKind;
import org.ccrelayer.account.Secret;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.admin.RelayAdministration;
import org.ccrelayer.internal.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Accounts over HTTP. Credentials come in and never go out. Safe for concurrent use. */
final class AccountRoutes {
    /** What is said of an id that no account has. */
    static final String UNKNOWN_ID = "There is no account with this id. GET /admin/accounts lists all.";

    private final RelayAdministration administration;
    private final BaseUrlGuard baseUrls;

    AccountRoutes(RelayAdministration administration, BaseUrlGuard baseUrls) {
        this.administration = administration;
        this.baseUrls = baseUrls;
    }

    AdminResponse list(AdminRequest request, String none) {
        return AdminResponse.list(
                administration.accounts().stream().map(AccountRoutes::json).toList());
    }

    AdminResponse create(AdminRequest request, String none) {
        BodyFields fields =
                BodyFields.of(request.body(), "name", "kind", "baseUrl", "apiKey", "priority", "schedulable", "models");
        AccountChange given = read(fields);
        AccountKind kind = kind(fields);
        String name = fields.required("name", Optional.ofNullable(given.name())).orElse("");
        Secret apiKey =
                fields.required("apiKey", Optional.ofNullable(given.apiKey())).orElse(Secret.of(""));
        fields.refuse();
        boolean schedulable = given.schedulable() == null || given.schedulable();
        Set<String> models = given.models() == null ? Set.of() : given.models();
        return AdminResponse.created(json(administration.createAccount(
                new NewAccount(name, kind, given.baseUrl(), apiKey, given.priority(), schedulable, models))));
    }

    AdminResponse change(AdminRequest request, String id) {
        BodyFields fields =
                BodyFields.of(request.body(), "name", "baseUrl", "apiKey", "priority", "schedulable", "models");
        AccountChange change = read(fields);
        fields.refuse();
        return administration
                .changeAccount(id, change)
                .map(account -> AdminResponse.ok(json(account)))
                .orElseGet(() -> AdminResponse.notFound(UNKNOWN_ID));
    }

    AdminResponse toggle(AdminRequest request, String id) {
        return administration
                .toggleAccount(id)
                .map(account -> AdminResponse.ok(JsonObject.empty().with("schedulable", account.schedulable())))
                .orElseGet(() -> AdminResponse.notFound(UNKNOWN_ID));
    }

    AdminResponse delete(AdminRequest request, String id) {
        return administration.deleteAccount(id)
                ? AdminResponse.ok(JsonObject.empty().with("status", "deleted"))
                : AdminResponse.notFound(UNKNOWN_ID);
    }

    private AccountChange read(BodyFields fields) {
        return new AccountChange(
                fields.checked("name", fields.string("name"), FieldRules::name).orElse(null),
                fields.checked("baseUrl", fields.string("baseUrl"), url -> FieldRules.baseUrl(baseUrls, url))
                        .orElse(null),
                fields.checked("apiKey", fields.string("apiKey"), FieldRules::credential)
                        .map(Secret::of)
                        .orElse(null),
                priority(fields),
                fields.bool("schedulable").orElse(null),
                fields.checked("models", fields.strings("models"), FieldRules::models)
                        .orElse(null));
    }

    private static @Nullable Integer priority(BodyFields fields) {
        return fields.checked("priority", fields.integer("priority"), FieldRules::priority)
                .filter(priority -> FieldRules.priority(priority).isEmpty())
                .map(Long::intValue)
                .orElse(null);
    }

    private static AccountKind kind(BodyFields fields) {
        Optional<String> id = fields.string("kind");
        fields.checked(
                "kind",
                id,
                given -> AccountKind.byId(given).isPresent()
                        ? Optional.empty()
                        : Optional.of("must be " + AccountKind.API_KEY.id()));
        return id.flatMap(AccountKind::byId).orElse(AccountKind.API_KEY);
    }

    private static JsonObject json(Account account) {
        return JsonObject.empty()
                .with("id", account.id())
                .with("name", account.name())
                .with("kind", account.kind().id())
                .with("baseUrl", account.baseUrl().toString())
                .with("hasApiKey", !account.apiKey().isEmpty())
                .with("priority", account.priority())
                .with("schedulable", account.schedulable())
                .with("models", new TreeSet<>(account.models()))
                .with("createdAt", account.createdAt().toString());
    }
}
