package org.ccrelayer.internal.admin;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountCredential;
import org.ccrelayer.account.AccountRouting;
import org.ccrelayer.account.AccountTerms;
import org.ccrelayer.account.EgressProxy;
import org.ccrelayer.account.TlsPolicy;
import org.ccrelayer.admin.AccountChange;
import org.ccrelayer.admin.NewAccount;
import org.ccrelayer.internal.network.EndpointGuard;

/** Reads accounts and changes of them from request bodies. Safe for concurrent use. */
final class AccountFields {
    private final EndpointGuard baseUrls;
    private final CredentialRules credentials;
    private final KnownProxies proxies;

    AccountFields(EndpointGuard baseUrls, KnownProxies proxies) {
        this.baseUrls = baseUrls;
        this.proxies = proxies;
        this.credentials = new CredentialRules(baseUrls);
    }

    /**
     * The account that a body asks for.
     *
     * @throws IllegalArgumentException with every problem
     */
    NewAccount newAccount(byte[] body) {
        BodyFields fields = BodyFields.of(body, names("name", "baseUrl", "priority", "schedulable", "models"));
        Optional<String> name = fields.required("name", name(fields));
        Optional<AccountCredential> credential = new CredentialFields(fields, credentials).created(fields);
        Optional<String> baseUrl = baseUrl(fields);
        int priority = priority(fields).orElse(Account.DEFAULT_PRIORITY);
        boolean schedulable = fields.bool("schedulable").orElse(true);
        Set<String> models = models(fields).orElse(Set.of());
        AccountRouting routing = new AccountRoutingFields(fields).over(AccountRouting.DEFAULT);
        AccountTerms terms = new AccountTermsFields(fields).over(AccountTerms.NONE);
        ProxyFields proxy = new ProxyFields(fields, proxies);
        TlsFields tls = new TlsFields(fields);
        fields.refuse();
        return new NewAccount(
                name.orElseThrow(),
                credential.orElseThrow(),
                baseUrl.orElse(null),
                priority,
                schedulable,
                models,
                routing,
                proxy.over(EgressProxy.DIRECT),
                tls.over(TlsPolicy.DEFAULT),
                terms);
    }

    /**
     * The change that a body asks for.
     *
     * @throws IllegalArgumentException with every problem
     */
    AccountChange change(byte[] body) {
        BodyFields fields = BodyFields.of(body, names("name", "baseUrl", "priority", "schedulable", "models"));
        CredentialFields credential = new CredentialFields(fields, credentials);
        AccountChange change = new AccountChange(
                name(fields).orElse(null),
                baseUrl(fields).orElse(null),
                credential.isEmpty() ? null : credential::over,
                priority(fields).orElse(null),
                fields.bool("schedulable").orElse(null),
                models(fields).orElse(null),
                new AccountRoutingFields(fields)::over,
                new ProxyFields(fields, proxies).change().orElse(null),
                new TlsFields(fields).change().orElse(null),
                new AccountTermsFields(fields)::over);
        fields.refuse();
        return change;
    }

    private static String[] names(String... others) {
        return Stream.of(
                        List.of(others),
                        CredentialFields.NAMES,
                        AccountRoutingFields.NAMES,
                        AccountTermsFields.NAMES,
                        ProxyFields.NAMES,
                        List.of(TlsFields.NAME))
                .flatMap(List::stream)
                .toArray(String[]::new);
    }

    private static Optional<String> name(BodyFields fields) {
        return fields.checked("name", fields.string("name"), FieldRules::name);
    }

    private Optional<String> baseUrl(BodyFields fields) {
        return fields.checked("baseUrl", fields.string("baseUrl"), url -> FieldRules.endpoint(baseUrls, url));
    }

    private static Optional<Integer> priority(BodyFields fields) {
        return fields.checked("priority", fields.integer("priority"), FieldRules::priority)
                .filter(priority -> FieldRules.priority(priority).isEmpty())
                .map(Long::intValue);
    }

    private static Optional<Set<String>> models(BodyFields fields) {
        return fields.checked("models", fields.strings("models"), FieldRules::models);
    }
}
