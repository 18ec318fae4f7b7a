package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ccrelayer.account.AccountStore;
import org.ccrelayer.account.TokenStore;
import org.ccrelayer.apikey.ApiKeyStore;
import org.ccrelayer.internal.threads.RelayThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every request needs of Redis and seldom changes: relay keys, accounts and their tokens, kept for a second at most, so that requests
 * need not ask for them. One thread asks again for what is in use. Safe for concurrent use.
 */
final class RedisCaches implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisCaches.class);
    private static final int CONFIRMATIONS_PER_LIFE = 8;
    private static final Duration LAST_WORK = Duration.ofSeconds(2);

    private final RelayThreads threads = new RelayThreads();
    private final ScheduledThreadPoolExecutor confirming =
            new ScheduledThreadPoolExecutor(1, threads.named("relay-redis"));
    private final RedisChanges changes;
    private final CachedApiKeys apiKeys;
    private final CachedAccounts accounts;
    private final CachedTokens tokens;

    private RedisCaches(RedisChanges changes, CachedApiKeys apiKeys, CachedAccounts accounts, CachedTokens tokens) {
        this.changes = changes;
        this.apiKeys = apiKeys;
        this.accounts = accounts;
        this.tokens = tokens;
    }

    /**
     * Begins to keep what those know.
     *
     * @throws IllegalStateException if no connection can be made on which other relays' changes are told
     */
    static RedisCaches over(
            RedisLink link, RedisApiKeys apiKeys, AccountStore accounts, RedisTokens tokens, Confirmed.Terms terms) {
        RedisChanges changes = new RedisChanges(link);
        RedisCaches caches = new RedisCaches(
                changes,
                new CachedApiKeys(apiKeys, changes, terms, System::nanoTime),
                new CachedAccounts(accounts, changes, terms.ofFew(), System::nanoTime),
                new CachedTokens(tokens, changes, terms.ofFew(), System::nanoTime));
        try {
            changes.hear();
        } catch (RuntimeException | Error e) {
            caches.close();
            throw e;
        }
        long pause = terms.fresh().toMillis() / CONFIRMATIONS_PER_LIFE;
        caches.confirming.scheduleWithFixedDelay(caches::confirm, pause, pause, TimeUnit.MILLISECONDS);
        return caches;
    }

    private void confirm() {
        confirm(accounts::confirm);
        confirm(apiKeys::confirm);
        confirm(tokens::confirm);
    }

    /** One that fails must not keep the others from it, nor from the next time. */
    private static void confirm(Runnable cache) {
        try {
            cache.run();
        } catch (RuntimeException e) {
            LOG.warn("What is in use of Redis could not be confirmed; it is tried again.", e);
        }
    }

    ApiKeyStore apiKeys() {
        return apiKeys;
    }

    AccountStore accounts() {
        return accounts;
    }

    TokenStore tokens() {
        return tokens;
    }

    @Override
    public void close() {
        confirming.shutdownNow();
        changes.close();
        try {
            threads.awaitEnd(LAST_WORK);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
