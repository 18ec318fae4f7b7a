package org.ccrelayer.internal.store.redis;

import java.time.ZoneOffset;
import org.ccrelayer.account.AccountStore;
import org.ccrelayer.account.TokenStore;
import org.ccrelayer.apikey.ApiKeyStore;
import org.ccrelayer.limit.LimitStore;
import org.ccrelayer.ownership.ObjectStore;
import org.ccrelayer.session.SessionStore;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.store.SecretCipher;
import org.ccrelayer.usage.UsageStore;

/**
 * The relay's store in a Redis that several relays may share. It decides by the server's clock; what was accepted is as durable as
 * the server makes it. Methods wait for an answer within the link's deadline. Safe for concurrent use.
 */
final class RedisStore implements RelayStore {
    private final RedisLink link;
    private final AccountStore accounts;
    private final RedisTokens tokens;
    private final ApiKeyStore apiKeys;
    private final RedisLimits limits;
    private final RedisUsage usage;
    private final RedisSessions sessions;
    private final RedisObjects objects;

    /** Where a store stands, and what it needs to know. */
    record Setting(RedisLink link, RedisTime time, ZoneOffset zone, SecretCipher cipher) {}

    /** A store over a link, which it closes; accounts and relay keys are kept elsewhere. */
    RedisStore(Setting setting, AccountStore accounts, ApiKeyStore apiKeys) {
        this.link = setting.link();
        RedisTime time = setting.time();
        this.tokens = new RedisTokens(link, time, setting.cipher());
        this.accounts = new AccountsWithTokens(accounts, tokens);
        this.apiKeys = apiKeys;
        this.usage = new RedisUsage(link, time, setting.zone());
        this.limits = new RedisLimits(link, time, usage);
        this.sessions = new RedisSessions(link, time);
        this.objects = new RedisObjects(link, time);
    }

    @Override
    public AccountStore accounts() {
        return accounts;
    }

    @Override
    public TokenStore tokens() {
        return tokens;
    }

    @Override
    public ApiKeyStore apiKeys() {
        return apiKeys;
    }

    @Override
    public LimitStore limits() {
        return limits;
    }

    @Override
    public UsageStore usage() {
        return usage;
    }

    @Override
    public SessionStore sessions() {
        return sessions;
    }

    @Override
    public ObjectStore objects() {
        return objects;
    }

    @Override
    public boolean healthy() {
        return link.answers();
    }

    @Override
    public void close() {
        link.close();
    }
}
