package org.ccrelayer.internal.store.redis;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountStore;

/**
 * The list of accounts as Redis had it a second ago at most, or as it last had it while it does not answer. Everything else goes to
 * Redis. Safe for concurrent use.
 */
final class CachedAccounts implements AccountStore {
    private static final String ALL = "all";

    private final AccountStore accounts;
    private final RedisChanges changes;
    private final Confirmed<List<Account>> list;

    CachedAccounts(AccountStore accounts, RedisChanges changes, Confirmed.Terms terms, LongSupplier nanos) {
        this.accounts = accounts;
        this.changes = changes;
        this.list = new Confirmed<>(all -> Map.of(ALL, () -> Optional.of(accounts.list())), terms, nanos);
        changes.on(RedisChanges.Kind.ACCOUNT, id -> list.drop(ALL));
    }

    /** Asks for the accounts again before they are too old, if they are in use. */
    void confirm() {
        list.confirm();
    }

    @Override
    public void create(Account account) {
        try {
            accounts.create(account);
        } finally {
            changes.tell(RedisChanges.Kind.ACCOUNT, account.id());
        }
    }

    @Override
    public Optional<Account> find(String id) {
        return accounts.find(id);
    }

    @Override
    public List<Account> list() {
        return list.get(ALL).orElseThrow();
    }

    @Override
    public List<Account> listQuietly() {
        return list.peek(ALL).orElseThrow();
    }

    @Override
    public Optional<Account> update(String id, UnaryOperator<Account> change) {
        try {
            return accounts.update(id, change);
        } finally {
            changes.tell(RedisChanges.Kind.ACCOUNT, id);
        }
    }

    @Override
    public boolean delete(String id) {
        try {
            return accounts.delete(id);
        } finally {
            changes.tell(RedisChanges.Kind.ACCOUNT, id);
        }
    }
}
