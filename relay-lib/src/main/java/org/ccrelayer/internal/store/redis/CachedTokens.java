package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.ccrelayer.account.StoredToken;
import org.ccrelayer.account.TokenStore;

/**
 * Tokens as Redis had them a second ago at most. Whoever takes an account's lock reads what Redis has from then on. Safe for
 * concurrent use.
 */
final class CachedTokens implements TokenStore {
    private final RedisTokens tokens;
    private final RedisChanges changes;
    private final Confirmed<StoredToken> byAccount;

    CachedTokens(RedisTokens tokens, RedisChanges changes, Confirmed.Terms terms, LongSupplier nanos) {
        this.tokens = tokens;
        this.changes = changes;
        this.byAccount = new Confirmed<>(tokens::ask, terms, nanos);
        changes.on(RedisChanges.Kind.ACCOUNT, byAccount::drop);
        changes.on(RedisChanges.Kind.TOKEN, byAccount::outdate);
    }

    /** Asks for the tokens in use again before they are too old. */
    void confirm() {
        byAccount.confirm();
    }

    @Override
    public Optional<StoredToken> find(String accountId) {
        return byAccount.get(accountId);
    }

    @Override
    public Optional<StoredToken> update(String accountId, UnaryOperator<Optional<StoredToken>> change) {
        try {
            return tokens.update(accountId, change);
        } finally {
            changes.tell(RedisChanges.Kind.TOKEN, accountId);
        }
    }

    @Override
    public boolean lock(String accountId, String owner, Duration ttl) {
        byAccount.outdate(accountId);
        boolean mine = tokens.lock(accountId, owner, ttl);
        if (mine) {
            // Whoever has it decides by what is there now, and never by what is told while Redis is away.
            byAccount.ask(accountId);
        }
        return mine;
    }

    @Override
    public void unlock(String accountId, String owner) {
        tokens.unlock(accountId, owner);
    }

    @Override
    public boolean locked(String accountId) {
        return tokens.locked(accountId);
    }
}
