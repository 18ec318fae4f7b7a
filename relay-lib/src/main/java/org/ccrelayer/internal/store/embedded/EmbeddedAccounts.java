package org.ccrelayer.internal.store.embedded;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountStore;
import org.ccrelayer.account.StoredToken;

/** The accounts of an embedded store. Safe for concurrent use. */
final class EmbeddedAccounts implements AccountStore {
    private final Table<Account> table;
    private final Table<StoredToken> tokens;

    EmbeddedAccounts(Table<Account> table, Table<StoredToken> tokens) {
        this.table = table;
        this.tokens = tokens;
    }

    @Override
    public void create(Account account) {
        table.create(account);
    }

    @Override
    public Optional<Account> find(String id) {
        return table.find(id);
    }

    @Override
    public List<Account> list() {
        return table.list();
    }

    @Override
    public Optional<Account> update(String id, UnaryOperator<Account> change) {
        return table.update(id, change);
    }

    @Override
    public boolean delete(String id) {
        boolean known = table.delete(id);
        tokens.delete(id);
        return known;
    }
}
