package org.ccrelayer.internal.store.redis;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.ccrelayer.account.AccountStore;
import org.ccrelayer.account.ConsumerLogin;
import org.ccrelayer.account.RestStore;
import org.ccrelayer.account.TokenStore;
import org.ccrelayer.apikey.ApiKeyStore;
import org.ccrelayer.apikey.ServiceRates;
import org.ccrelayer.limit.LimitStore;
import org.ccrelayer.ownership.ObjectStore;
import org.ccrelayer.session.SessionStore;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.usage.UsageStore;

/**
 * The relay's store in a Redis that several relays may share. It decides by the server's clock; what was accepted is as durable as
 * the server makes it. Methods wait for an answer within the link's deadline. Safe for concurrent use.
 */
public final class RedisStore implements RelayStore {
    private final RedisLink link;
    private final AccountStore accounts;
    private final RedisTokens tokens;
    private final ApiKeyStore apiKeys;
    private final RedisLimits limits;
    private final RedisUsage usage;
    private final RedisSessions sessions;
    private final RedisObjects objects;
    private final RedisRests rests;
    private final ConsumerLogins logins;

    /**
     * Connects.
     *
     * @throws IllegalStateException if no server answers, it refuses the login, or it is one that the relay cannot use
     */
    public static RedisStore open(RedisTarget target, RedisAccounts.Terms terms, InstantSource clock) {
        RedisLink link = RedisLink.open(target, clock);
        try {
            return new RedisStore(link, RedisTime.SERVERS, terms, clock);
        } catch (RuntimeException | Error e) {
            link.close();
            throw e;
        }
    }

    /** A store over a link, which it closes. */
    RedisStore(RedisLink link, RedisTime time, RedisAccounts.Terms terms, InstantSource clock) {
        this.link = link;
        this.tokens = new RedisTokens(link, terms.own());
        this.accounts = new AccountsWithTokens(new RedisAccounts(link, terms, clock), tokens);
        this.apiKeys = new RedisApiKeys(link, clock);
        this.usage = new RedisUsage(link, time, terms.zone());
        this.limits = new RedisLimits(link, time, usage, terms.zone());
        this.sessions = new RedisSessions(link, time);
        this.objects = new RedisObjects(link, time);
        this.rests = new RedisRests(link, time, clock);
        this.logins = new ConsumerLogins(link);
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
    public Optional<RestStore> rests() {
        return Optional.of(rests);
    }

    @Override
    public ServiceRates serviceRates() {
        return GlobalRates.of(Optional.ofNullable(link.call(redis -> redis.get(RedisKeys.SERVICE_RATES.key()))));
    }

    @Override
    public List<ConsumerLogin> consumerLogins() {
        return logins.list();
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
