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
    private final Away away;
    private final LimitStore limits;
    private final UsageStore usage;
    private final SessionStore sessions;
    private final ObjectStore objects;
    private final RedisRests rests;
    private final ConsumerLogins logins;

    /**
     * Connects.
     *
     * @throws IllegalStateException if no server answers, it refuses the login, it is one that the relay cannot use, or what
     *     waits for it cannot be kept
     */
    public static RedisStore open(
            RedisTarget target, RedisAccounts.Terms terms, AwayTerms awayTerms, InstantSource clock) {
        RedisLink link = RedisLink.open(target, clock);
        try {
            return new RedisStore(link, RedisTime.SERVERS, terms, awayTerms, clock);
        } catch (RuntimeException | Error e) {
            link.close();
            throw e;
        }
    }

    /** A store over a link, which it closes. */
    RedisStore(RedisLink link, RedisTime time, RedisAccounts.Terms terms, InstantSource clock) {
        this(link, time, terms, AwayTerms.IN_MEMORY, clock);
    }

    /** As {@link #RedisStore(RedisLink, RedisTime, RedisAccounts.Terms, InstantSource)}, with other terms while Redis is away. */
    RedisStore(RedisLink link, RedisTime time, RedisAccounts.Terms terms, AwayTerms awayTerms, InstantSource clock) {
        this.link = link;
        this.tokens = new RedisTokens(link, terms.own());
        this.accounts = new AccountsWithTokens(new RedisAccounts(link, terms, clock), tokens);
        this.apiKeys = new RedisApiKeys(link, clock);
        RedisUsage rows = new RedisUsage(link, time, terms.zone());
        RedisLimits decisions = new RedisLimits(link, time, rows, terms.zone());
        this.away = new Away(link, awayTerms, clock);
        this.usage = new AwayUsage(rows, away, awayTerms.local());
        this.limits = new AwayLimits(decisions, away);
        AwaySessions stays = new AwaySessions(new RedisSessions(link, time), away);
        AwayObjects makers = new AwayObjects(new RedisObjects(link, time), away);
        this.sessions = stays;
        this.objects = makers;
        away.whenBack(new AwayReplay(away, new AwayReplay.Parts(decisions, rows, stays, makers), clock));
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

    /** Also while Redis is away, as long as relay keys go on by this relay's own count: all relays of a Redis lose it together. */
    @Override
    public boolean healthy() {
        if (link.answers()) {
            return !away.now() || away.outage().local();
        }
        return away.noticed() && away.outage().local();
    }

    /** What this relay knows of an outage. */
    Away away() {
        return away;
    }

    @Override
    public void close() {
        away.close();
        link.close();
    }
}
