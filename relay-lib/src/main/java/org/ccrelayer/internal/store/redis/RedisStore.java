package org.ccrelayer.internal.store.redis;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.ccrelayer.account.AccountStore;
import org.ccrelayer.account.ConsumerLogin;
import org.ccrelayer.account.RestStore;
import org.ccrelayer.account.TokenStore;
import org.ccrelayer.apikey.ApiKeyStore;
import org.ccrelayer.apikey.ServiceRates;
import org.ccrelayer.error.RelayException;
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
     * @throws IllegalStateException if no server answers, it refuses the login, it is one that the relay cannot use, it does not take
     *     the relay's scripts, or what waits for it cannot be kept
     */
    public static RedisStore open(
            RedisTarget target, RedisAccounts.Terms terms, AwayTerms awayTerms, InstantSource clock) {
        Confirmed.Terms kept = awayTerms.local() ? Confirmed.Terms.USUAL : Confirmed.Terms.USUAL.neverAway();
        return over(
                RedisLink.open(target, clock),
                RedisTime.SERVERS,
                new Terms(terms, awayTerms, Optional.of(kept)),
                clock);
    }

    /**
     * A store over a link, which it closes, also where it cannot be had.
     *
     * @throws IllegalStateException if Redis does not take the relay's scripts, or what waits for it cannot be kept
     */
    static RedisStore over(RedisLink link, RedisTime time, Terms terms, InstantSource clock) {
        try {
            return new RedisStore(link, time, terms, clock);
        } catch (RelayException e) {
            link.close();
            throw new IllegalStateException(
                    "REDIS_ADDR: Redis at " + link.target()
                            + " does not take the relay's scripts; its user must be allowed SCRIPT LOAD and EVALSHA, and it"
                            + " must answer in time",
                    e);
        } catch (RuntimeException | Error e) {
            link.close();
            throw e;
        }
    }

    /**
     * How a store works.
     *
     * @param records how accounts are sealed, and where days begin
     * @param away what becomes of requests while Redis is away
     * @param kept how long it keeps what every request needs; empty where it asks Redis whenever it is asked
     * @param nanos tells how time passes
     */
    record Terms(RedisAccounts.Terms records, AwayTerms away, Optional<Confirmed.Terms> kept, LongSupplier nanos) {
        /** By the machine's own count of time, which nobody sets. */
        Terms(RedisAccounts.Terms records, AwayTerms away, Optional<Confirmed.Terms> kept) {
            this(records, away, kept, System::nanoTime);
        }
    }

    /** What must be closed comes last: whatever fails before leaves nothing behind. */
    private RedisStore(RedisLink link, RedisTime time, Terms terms, InstantSource clock) {
        this.link = link;
        RedisAccounts.Terms records = terms.records();
        RedisTokens inRedis = new RedisTokens(link, records.own());
        AccountStore listed = new AccountsWithTokens(new RedisAccounts(link, records, clock), inRedis);
        RedisApiKeys issued = new RedisApiKeys(link, clock);
        RedisUsage rows = new RedisUsage(link, time, records.zone());
        RedisLimits decisions = new RedisLimits(link, time, rows, records.zone());
        RedisSessions stays = new RedisSessions(link, time);
        RedisObjects makers = new RedisObjects(link, time);
        this.rests = new RedisRests(link, time, clock);
        this.logins = new ConsumerLogins(link);
        this.away = new Away(link, terms.away(), clock.instant(), terms.nanos());
        this.caches = caches(terms.kept(), caching -> RedisCaches.over(link, issued, listed, inRedis, caching));
        this.tokens = caches.map(RedisCaches::tokens).orElse(inRedis);
        this.accounts = caches.map(RedisCaches::accounts).orElse(listed);
        this.apiKeys = caches.map(RedisCaches::apiKeys).orElse(issued);
        this.usage = new AwayUsage(rows, away, terms.away().local());
        this.limits = new AwayLimits(decisions, away);
        AwaySessions known = new AwaySessions(stays, away);
        AwayObjects made = new AwayObjects(makers, away);
        this.sessions = known;
        this.objects = made;
        away.whenBack(new AwayReplay(away, new AwayReplay.Parts(decisions, rows, known, made), terms.nanos()));
    }

    private Optional<RedisCaches> caches(Optional<Confirmed.Terms> kept, Function<Confirmed.Terms, RedisCaches> begin) {
        try {
            return kept.map(begin);
        } catch (RuntimeException | Error e) {
            away.close();
            throw e;
        }
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
