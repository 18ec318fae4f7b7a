package org.ccrelayer.internal.store.embedded;

import static org.ccrelayer.internal.store.embedded.RecordFormat.number;
import static org.ccrelayer.internal.store.embedded.RecordFormat.text;
import static org.ccrelayer.internal.store.embedded.RecordFormat.truth;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.ccrelayer.account.Account;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.store.SecretCipher;

/** Accounts as JSON, their credentials sealed; other stores keep whole accounts in it too. Safe for concurrent use. */
public final class AccountFormat implements RecordFormat<Account> {
    private final CredentialFormat credentials;
    private final RoadFormat roads;

    /** Seals with {@code cipher}. */
    public AccountFormat(SecretCipher cipher) {
        this.credentials = new CredentialFormat(cipher);
        this.roads = new RoadFormat(cipher);
    }

    @Override
    public String id(Account account) {
        return account.id();
    }

    @Override
    public String alias(Account account) {
        return account.id();
    }

    @Override
    public Instant createdAt(Account account) {
        return account.createdAt();
    }

    @Override
    public JsonObject write(JsonObject previous, Account account) {
        JsonObject routed = RoutingFormat.write(credentials.write(previous, account), account.routing());
        return TermsFormat.write(roads.write(routed, account), account.terms())
                .with("v", VERSION)
                .with("id", account.id())
                .with("name", account.name())
                .with("baseUrl", account.baseUrl().toString())
                .with("priority", account.priority())
                .with("schedulable", account.schedulable())
                .with("models", new TreeSet<>(account.models()))
                .with("createdAt", account.createdAt().toString());
    }

    @Override
    public Account read(JsonObject json) {
        String id = text(json, "id");
        return new Account(
                id,
                text(json, "name"),
                credentials.read(json),
                URI.create(text(json, "baseUrl")),
                Math.toIntExact(number(json, "priority")),
                truth(json, "schedulable"),
                Set.copyOf(json.strings("models").orElse(List.of())),
                Instant.parse(text(json, "createdAt")),
                RoutingFormat.ofAccount(json),
                roads.readProxy(json, id),
                roads.readTls(json, id),
                TermsFormat.read(json));
    }
}
