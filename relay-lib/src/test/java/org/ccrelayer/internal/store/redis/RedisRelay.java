package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import org.ccrelayer.account.AccountStore;
import org.ccrelayer.account.RestStore;
import org.ccrelayer.account.Secret;
import org.ccrelayer.account.TokenStore;
import org.ccrelayer.apikey.ApiKeyStore;
import org.ccrelayer.apikey.ServiceRates;
import org.ccrelayer.internal.credential.CredentialCipher;
import org.ccrelayer.internal.credential.CredentialFormat;
import org.ccrelayer.internal.network.EndpointGuard;
import org.ccrelayer.limit.LimitStore;
import org.ccrelayer.ownership.ObjectStore;
import org.ccrelayer.session.SessionStore;
import org.ccrelayer.store.RelayStore;
import org.ccrelayer.testkit.RedisPeer;
import org.ccrelayer.usage.UsageStore;

/** A relay's store in Redis. */
final class RedisRelay implements RelayStore {
    /** Machines on which tests run may be slow. */
    static final LinkTerms PATIENT =
            new LinkTerms(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10));

    private static final Secret KEY = Secret.of("a test's encryption key");

    static RedisAccounts.Terms terms(ZoneOffset zone) {
        return new RedisAccounts.Terms(
                new CredentialCipher(KEY, CredentialFormat.CBC, false),
                new CredentialCipher(KEY),
                zone,
                endpoints(true));
    }

    /** Where a relay connects to that may use upstreams on this machine, or may not. */
    static Endpoints endpoints(boolean privateUpstreams) {
        return new Endpoints(new EndpointGuard(privateUpstreams)::check, EndpointGuard::proxyProblem);
    }

    private final RedisLink link;
    private final RedisStore store;

    private RedisRelay(RedisLink link, RedisTime time, InstantSource clock, ZoneOffset zone) {
        this(link, time, terms(zone), AwayTerms.IN_MEMORY, clock);
    }

    private RedisRelay(RedisLink link, RedisTime time, RedisAccounts.Terms terms, AwayTerms away, InstantSource clock) {
        this.link = link;
        this.store = new RedisStore(link, time, new RedisStore.Terms(terms, away, Optional.empty()), clock);
    }

    /** A relay on that server, or what those Sentinels name, by the server's clock. */
    static RedisRelay of(String address, AwayTerms away, InstantSource own) {
        RedisLink link = RedisLink.open(RedisTarget.of(address, null, null), own);
        try {
            return new RedisRelay(link, RedisTime.SERVERS, terms(ZoneOffset.UTC), away, own);
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    Away away() {
        return store.away();
    }

    private RedisRelay(RedisLink link, Confirmed.Terms kept, InstantSource clock) {
        this.link = link;
        RedisStore.Terms terms = new RedisStore.Terms(terms(ZoneOffset.UTC), AwayTerms.IN_MEMORY, Optional.of(kept));
        this.store = new RedisStore(link, RedisTime.SERVERS, terms, clock);
    }

    /** A relay on that server, which keeps keys, accounts and tokens for that long. */
    static RedisRelay keeping(RedisPeer peer, Confirmed.Terms kept) {
        InstantSource clock = InstantSource.system();
        return new RedisRelay(link(peer, PATIENT, clock), kept, clock);
    }

    /** A relay on that server, which goes by another clock than the server's. */
    static RedisRelay at(RedisPeer peer, InstantSource clock) {
        return at(peer, clock, ZoneOffset.UTC);
    }

    /** As {@link #at(RedisPeer, InstantSource)}, whose days begin in that zone. */
    static RedisRelay at(RedisPeer peer, InstantSource clock, ZoneOffset zone) {
        return new RedisRelay(link(peer, PATIENT, InstantSource.system()), RedisTime.of(clock), clock, zone);
    }

    /** A relay on that server, which goes by the server's clock, whatever its own says. */
    static RedisRelay of(RedisPeer peer, LinkTerms terms, InstantSource own) {
        return new RedisRelay(link(peer, terms, own), RedisTime.SERVERS, own, ZoneOffset.UTC);
    }

    static RedisLink link(RedisPeer peer, LinkTerms terms, InstantSource clock) {
        return RedisLink.open(RedisTarget.of(peer.address(), null, null), terms, clock);
    }

    RedisLink link() {
        return link;
    }

    @Override
    public AccountStore accounts() {
        return store.accounts();
    }

    @Override
    public TokenStore tokens() {
        return store.tokens();
    }

    @Override
    public ApiKeyStore apiKeys() {
        return store.apiKeys();
    }

    @Override
    public LimitStore limits() {
        return store.limits();
    }

    @Override
    public UsageStore usage() {
        return store.usage();
    }

    @Override
    public SessionStore sessions() {
        return store.sessions();
    }

    @Override
    public ObjectStore objects() {
        return store.objects();
    }

    @Override
    public Optional<RestStore> rests() {
        return store.rests();
    }

    @Override
    public ServiceRates serviceRates() {
        return store.serviceRates();
    }

    @Override
    public boolean remote() {
        return store.remote();
    }

    @Override
    public boolean healthy() {
        return store.healthy();
    }

    @Override
    public void close() {
        store.close();
    }
}
