package org.ccrelayer.internal.store.redis;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.ApiKeyCredential;
import org.ccrelayer.account.Secret;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.internal.store.embedded.AccountFormat;

/** What is kept of accounts in which of the two places, and what a change writes. Safe for concurrent use. */
final class AccountRecords {
    /** A whole account in the relay's own form. */
    private static final String RECORD = "record";

    /** What the predecessor knew of an account that it no longer sees. */
    private static final String FORMER = "predecessor";

    private final RedisAccounts.Terms terms;
    private final AccountFormat format;

    /**
     * What was read of an account.
     *
     * @param record in the predecessor's form; without fields where it is in the relay's own
     * @param account the account
     * @param digest tells whether somebody else changed it
     */
    record Read(PredecessorAccount record, Account account, String digest) {
        boolean whole() {
            return record.own().has(RECORD);
        }
    }

    AccountRecords(RedisAccounts.Terms terms) {
        this.terms = terms;
        this.format = new AccountFormat(terms.own());
    }

    /** An account as a script read it; empty where there is none. */
    Optional<Read> read(List<?> answer) {
        HashFields own = HashFields.of(answer.get(2));
        Set<String> groups =
                ((List<?>) answer.get(3)).stream().map(Object::toString).collect(Collectors.toSet());
        PredecessorAccount record = new PredecessorAccount(HashFields.of(answer.get(1)), own, groups);
        String digest = answer.get(4).toString();
        if (own.has(RECORD)) {
            Account account = format.read(JsonObject.parse(own.text(RECORD)));
            return Optional.of(new Read(record, account, digest));
        }
        return record.fields().has("id")
                ? Optional.of(new Read(record, record.account(terms), digest))
                : Optional.empty();
    }

    /** Everything of a new account. */
    JsonObject created(Account account) {
        if (!PredecessorAccount.expresses(account)) {
            return whole(account, Map.of(), List.of());
        }
        Map<String, String> set = PredecessorAccount.created(account);
        set.put("apiKey", sealed(account));
        return listed(
                        account,
                        new FieldChange(set, List.of()),
                        new FieldChange(PredecessorAccount.own(account), List.of()))
                .with("shared", PredecessorAccount.isShared(account))
                .with("groups", new TreeSet<>(account.routing().groups()));
    }

    /** What makes a changed account out of what was read. */
    JsonObject changed(Read read, Account changed, Instant now) {
        if (PredecessorAccount.expresses(changed)) {
            return read.whole() ? listedAgain(read, changed) : edited(read, changed, now);
        }
        return read.whole()
                ? whole(changed, Map.of(), List.of())
                : whole(
                        moved(read, changed),
                        former(read.record().fields()),
                        List.copyOf(PredecessorAccount.own(read.account()).keySet()));
    }

    /** Where the address or the proxy kept the key from being used, they must be mended, as nobody reads them there any more. */
    private Account moved(Read read, Account changed) {
        Account old = read.account();
        boolean refused = read.record().address(terms.endpoints()).problem() != null;
        if (PredecessorProxy.UNUSABLE.equals(changed.proxy())) {
            throw new IllegalArgumentException("proxy: cannot be used as it is; set it anew in the same change");
        }
        if (refused && changed.baseUrl().equals(old.baseUrl())) {
            throw new IllegalArgumentException("baseUrl: cannot be used as it is; set it anew in the same change");
        }
        return old.credentialProblem().isPresent() && changed.credential().equals(old.credential())
                ? withKey(changed, read.record().key(terms.predecessors()))
                : changed;
    }

    private static Account withKey(Account account, Secret key) {
        return new Account(
                account.id(),
                account.name(),
                new ApiKeyCredential(key, PredecessorAccount.header(key)),
                account.baseUrl(),
                account.priority(),
                account.schedulable(),
                account.models(),
                account.createdAt(),
                account.routing(),
                account.proxy(),
                account.tls(),
                account.terms());
    }

    private JsonObject whole(Account account, Map<String, String> former, List<String> drop) {
        Map<String, String> own = new LinkedHashMap<>(former);
        own.put(RECORD, format.write(JsonObject.empty(), account).toString());
        return JsonObject.empty()
                .with("id", account.id())
                .with("whole", true)
                .with("own", RedisAccounts.json(own))
                .with("ownDrop", drop);
    }

    /** What the relay does not know of an account is kept for the day on which the predecessor sees it again. */
    private static Map<String, String> former(HashFields fields) {
        Map<String, String> rest = new LinkedHashMap<>(fields.values());
        rest.remove("apiKey");
        rest.remove("proxy");
        return Map.of(FORMER, RedisAccounts.json(rest).toString());
    }

    private JsonObject listedAgain(Read read, Account changed) {
        Map<String, String> set = PredecessorAccount.created(changed);
        JsonObject former = read.record().own().object(FORMER);
        Map<String, String> known = PredecessorAccount.fields(changed);
        former.names()
                .forEach(name -> set.computeIfPresent(
                        name,
                        (same, value) ->
                                known.getOrDefault(name, former.string(name).orElse(value))));
        former.names().forEach(name -> set.putIfAbsent(name, former.string(name).orElse("")));
        if (changed.schedulable()) {
            set.putAll(PredecessorRest.decided(true));
        }
        set.put("apiKey", sealed(changed));
        return listed(
                        changed,
                        new FieldChange(set, List.of()),
                        new FieldChange(PredecessorAccount.own(changed), List.of(RECORD, FORMER)))
                .with("shared", PredecessorAccount.isShared(changed))
                .with("groups", new TreeSet<>(changed.routing().groups()));
    }

    private JsonObject edited(Read read, Account changed, Instant now) {
        Account old = read.account();
        FieldChange fields = FieldChange.between(PredecessorAccount.fields(old), PredecessorAccount.fields(changed));
        Map<String, String> set = new LinkedHashMap<>(fields.set());
        if (!changed.credential().equals(old.credential())) {
            set.put("apiKey", sealed(changed));
        }
        boolean decided = changed.schedulable() != old.schedulable();
        if (decided) {
            set.putAll(PredecessorRest.decided(changed.schedulable()));
        }
        if (!set.isEmpty()) {
            set.put("updatedAt", HashFields.text(now));
        }
        List<String> drop = decided && changed.schedulable() ? PredecessorRest.RESET : List.of();
        FieldChange own = FieldChange.between(PredecessorAccount.own(old), PredecessorAccount.own(changed));
        JsonObject json =
                listed(changed, new FieldChange(set, drop), own).with("reset", decided && changed.schedulable());
        if (PredecessorAccount.isShared(changed) != PredecessorAccount.isShared(old)) {
            json = json.with("shared", PredecessorAccount.isShared(changed));
        }
        return changed.routing().groups().equals(old.routing().groups())
                ? json
                : json.with("groups", new TreeSet<>(changed.routing().groups()));
    }

    private static JsonObject listed(Account account, FieldChange fields, FieldChange own) {
        return JsonObject.empty()
                .with("id", account.id())
                .with("whole", false)
                .with("set", RedisAccounts.json(fields.set()))
                .with("drop", fields.drop())
                .with("own", RedisAccounts.json(own.set()))
                .with("ownDrop", own.drop());
    }

    private String sealed(Account account) {
        ApiKeyCredential credential = (ApiKeyCredential) account.credential();
        return terms.predecessors().seal(credential.key(), PredecessorAccount.place(account.id()));
    }
}
