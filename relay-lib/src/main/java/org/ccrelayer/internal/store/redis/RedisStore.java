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
    private final Optional<RedisCaches> caches;
    private final AccountStore accounts;
    private final TokenStore tokens;
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
        Confirmed.Terms kept = awayTerms.local() ? Confirmed.Terms.USUAL : Confirmed.Terms.USUAL.neverAway();
        RedisLink link = RedisLink.open(target, clock);
        try {
            return new RedisStore(link, RedisTime.SERVERS, new Terms(terms, awayTerms, Optional.of(kept)), clock);
        } catch (RuntimeException | Error e) {
            link.close();
            throw e;
        }
    }

    /** A store over a link, which it closes, that asks Redis for everything whenever it is asked. */
    RedisStore(RedisLink link, RedisTime time, RedisAccounts.Terms terms, InstantSource clock) {
        this(link, time, new Terms(terms, AwayTerms.IN_MEMORY, Optional.empty()), clock);
    }

    /**
     * How a store works.
     *
     * @param records how accounts are sealed, and where days begin
     * @param away what becomes of requests while Redis is away
     * @param kept how long it keeps what every request needs; empty where it asks Redis whenever it is asked
     */
    record Terms(RedisAccounts.Terms records, AwayTerms away, Optional<Confirmed.Terms> kept) {}

    /** As {@link #RedisStore(RedisLink, RedisTime, RedisAccounts.Terms, InstantSource)}, on other terms. */
    RedisStore(RedisLink link, RedisTime time, Terms terms, InstantSource clock) {
        this.link = link;
        RedisAccounts.Terms records = terms.records();
        RedisTokens inRedis = new RedisTokens(link, records.own());
        AccountStore listed = new AccountsWithTokens(new RedisAccounts(link, records, clock), inRedis);
        RedisApiKeys issued = new RedisApiKeys(link, clock);
        this.caches = terms.kept().map(caching -> RedisCaches.over(link, issued, listed, inRedis, caching));
        this.tokens = caches.map(RedisCaches::tokens).orElse(inRedis);
        this.accounts = caches.map(RedisCaches::accounts).orElse(listed);
        this.apiKeys = caches.map(RedisCaches::apiKeys).orElse(issued);
        RedisUsage rows = new RedisUsage(link, time, records.zone());
        RedisLimits decisions = new RedisLimits(link, time, rows, records.zone());
        this.away = new Away(link, terms.away(), clock);
        this.usage = new AwayUsage(rows, away, terms.away().local());
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

    @Override
    public boolean remote() {
        return true;
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
        caches.ifPresent(RedisCaches::close);
        link.close();
    }
}
