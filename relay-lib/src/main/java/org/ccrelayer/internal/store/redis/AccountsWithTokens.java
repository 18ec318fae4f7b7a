package org.ccrelayer.internal.store.redis;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.ccrelayer.account.Account;
import org.ccrelayer.account.AccountStore;

/** Accounts whose tokens go with them. Safe for concurrent use. */
final class AccountsWithTokens implements AccountStore {
    private final AccountStore accounts;
    private final RedisTokens tokens;

    AccountsWithTokens(AccountStore accounts, RedisTokens tokens) {
        this.accounts = accounts;
        this.tokens = tokens;
    }

    @Override
    public void create(Account account) {
        accounts.create(account);
    }

    @Override
    public Optional<Account> find(String id) {
        return accounts.find(id);
    }

    @Override
    public List<Account> list() {
        return accounts.list();
    }

    @Override
    public Optional<Account> update(String id, UnaryOperator<Account> change) {
        return accounts.update(id, change);
    }

    @Override
    public boolean delete(String id) {
        boolean known = accounts.delete(id);
        tokens.forget(id);
        return known;
    }
}
