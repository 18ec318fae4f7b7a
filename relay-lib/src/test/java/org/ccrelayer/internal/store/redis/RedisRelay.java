package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.LongSupplier;
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

    private RedisRelay(RedisLink link, RedisTime time, RedisStore.Terms terms, InstantSource clock) {
        this.link = link;
        this.store = RedisStore.over(link, time, terms, clock);
    }

    private static RedisStore.Terms terms(ZoneOffset zone, Optional<Confirmed.Terms> kept) {
        return new RedisStore.Terms(terms(zone), AwayTerms.IN_MEMORY, kept);
    }

    /** A relay on that server, or what those Sentinels name, by the server's clock. Time passes as the relay's own says. */
    static RedisRelay of(String address, AwayTerms away, InstantSource own) {
        return of(address, away, own, () -> ChronoUnit.NANOS.between(Instant.EPOCH, own.instant()));
    }

    /** As {@link #of(String, AwayTerms, InstantSource)}, where time passes whatever the relay's clock says. */
    static RedisRelay of(String address, AwayTerms away, InstantSource own, LongSupplier nanos) {
        RedisStore.Terms terms = new RedisStore.Terms(terms(ZoneOffset.UTC), away, Optional.empty(), nanos);
        return new RedisRelay(link(address, LinkTerms.USUAL, own), RedisTime.SERVERS, terms, own);
    }

    /** A relay on that server, which keeps keys, accounts and tokens for that long. */
    static RedisRelay keeping(RedisPeer peer, Confirmed.Terms kept) {
        return keeping(peer, PATIENT, kept);
    }

    /** As {@link #keeping(RedisPeer, Confirmed.Terms)}, waiting as long as {@code terms} say. */
    static RedisRelay keeping(RedisPeer peer, LinkTerms terms, Confirmed.Terms kept) {
        InstantSource clock = InstantSource.system();
        RedisLink link = link(peer, terms, clock);
        return new RedisRelay(link, RedisTime.SERVERS, terms(ZoneOffset.UTC, Optional.of(kept)), clock);
    }

    /** A relay on that server, which goes by another clock than the server's, and keeps what a relay in use does. */
    static RedisRelay keepingAt(RedisPeer peer, InstantSource clock) {
        RedisLink link = link(peer, PATIENT, InstantSource.system());
        Optional<Confirmed.Terms> kept = Optional.of(Confirmed.Terms.USUAL);
        return new RedisRelay(link, RedisTime.of(clock), terms(ZoneOffset.UTC, kept), clock);
    }

    /** A relay on that server, which goes by another clock than the server's. */
    static RedisRelay at(RedisPeer peer, InstantSource clock) {
        return at(peer, clock, ZoneOffset.UTC);
    }

    /** As {@link #at(RedisPeer, InstantSource)}, whose days begin in that zone. */
    static RedisRelay at(RedisPeer peer, InstantSource clock, ZoneOffset zone) {
        RedisLink link = link(peer, PATIENT, InstantSource.system());
        return new RedisRelay(link, RedisTime.of(clock), terms(zone, Optional.empty()), clock);
    }

    /** A relay on that server, which goes by the server's clock, whatever its own says. */
    static RedisRelay of(RedisPeer peer, LinkTerms terms, InstantSource own) {
        RedisLink link = link(peer, terms, own);
        return new RedisRelay(link, RedisTime.SERVERS, terms(ZoneOffset.UTC, Optional.empty()), own);
    }

    Away away() {
        return store.away();
    }

    private static RedisLink link(String address, LinkTerms terms, InstantSource clock) {
        return RedisLink.open(RedisTarget.of(address, null, null), terms, clock);
    }

    static RedisLink link(RedisPeer peer, LinkTerms terms, InstantSource clock) {
        return link(peer.address(), terms, clock);
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
