package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.ccrelayer.apikey.BudgetMode;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Decision;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.limit.LimitStore;
import org.ccrelayer.limit.LimitUse;
import org.ccrelayer.limit.Refusal;

/**
 * The limits in Redis, and this relay's own count in their place for the first minute that Redis is away: it lets in what needs no
 * strict budget. Safe for concurrent use.
 */
final class AwayLimits implements LimitStore {
    /** A relay calls for the dead three times per lease; others get a whole one to renew what they hold. */
    private static final int REAPS_LEFT_OUT = 3;

    private final RedisLimits redis;
    private final Away away;
    private final AtomicInteger reapsToLeaveOut = new AtomicInteger();

    AwayLimits(RedisLimits redis, Away away) {
        this.redis = redis;
        this.away = away;
    }

    @Override
    public Decision claim(Claim claim) {
        if (!away.now()) {
            try {
                return claimed(claim);
            } catch (RelayException e) {
                if (!away.began(e)) {
                    throw e;
                }
                return instead(claim);
            }
        }
        return locally(claim);
    }

    /** Redis may have let it in all the same; unless it goes on, nobody else would give that back. */
    private Decision instead(Claim claim) {
        boolean granted = false;
        try {
            Decision decision = locally(claim);
            granted = decision instanceof Decision.Granted;
            return decision;
        } finally {
            if (!granted) {
                away.ended(claim.lease(), true);
            }
        }
    }

    private Decision claimed(Claim claim) {
        RedisLimits.Claimed claimed = redis.claimed(claim);
        LocalKey key = away.keys().key(claim.lease().keyId(), away.moment());
        key.told(claim, claimed.left());
        if (claimed.decision() instanceof Decision.Granted granted) {
            away.tell(granted.at());
            key.admitted(claim, granted.at());
        }
        return claimed.decision();
    }

    private Decision locally(Claim claim) {
        if (claim.limits().strict() || !away.outage().local() || away.journal().full()) {
            throw Outage.refusal();
        }
        Instant now = away.moment();
        LocalKey key = away.keys().key(claim.lease().keyId(), now);
        // One decision at a time for a key, as in Redis.
        synchronized (key) {
            Optional<Refusal> full = key.refusal(claim, now);
            Optional<Refusal> spent = key.spent(claim, now);
            boolean shadow = claim.limits().budgets().mode() == BudgetMode.SHADOW;
            if (full.isPresent() || spent.isPresent() && !shadow) {
                return new Decision.Refused(full.or(() -> spent).orElseThrow());
            }
            key.admittedHere(claim, now);
            away.outage().countGrant();
            return new Decision.Granted(now, spent.orElse(null));
        }
    }

    @Override
    public boolean cover(Claim claim) {
        if (!claim.limits().strict()) {
            return true;
        }
        if (away.now()) {
            throw Outage.refusal();
        }
        try {
            return redis.cover(claim);
        } catch (RelayException e) {
            away.began(e);
            throw e;
        }
    }

    @Override
    public boolean renew(Lease lease, Duration ttl, int concurrency) {
        try {
            return renewing(lease, ttl, concurrency).join();
        } catch (CompletionException e) {
            throw Away.problem(e);
        }
    }

    /** While Redis is away nobody takes a place that is not renewed; what was let in meanwhile takes its place when it is back. */
    @Override
    public CompletableFuture<Boolean> renewing(Lease lease, Duration ttl, int concurrency) {
        away.keys().renewed(lease.keyId(), lease.exchangeId(), away.moment().plus(ttl));
        if (away.now()) {
            return CompletableFuture.completedFuture(true);
        }
        CompletableFuture<Boolean> renewed =
                away.keys().letIn(lease).map(redis::renewing).orElseGet(() -> redis.renewing(lease, ttl, concurrency));
        return renewed.exceptionally(e -> {
            RelayException problem = Away.problem(e);
            if (!away.began(problem)) {
                throw problem;
            }
            return true;
        });
    }

    /** Does not wait: an end that does not reach Redis is told when it is back, or the lease runs out by itself. */
    @Override
    public void release(Lease lease, boolean free) {
        away.keys().released(lease.keyId(), lease.exchangeId(), free);
        if (away.now()) {
            away.ended(lease, free);
            return;
        }
        redis.released(lease, free).exceptionally(e -> {
            if (e instanceof RelayException || e instanceof CompletionException) {
                away.ended(lease, free);
            }
            return null;
        });
    }

    @Override
    public int reap() {
        away.keys().forgetIdle(away.moment());
        if (away.now()) {
            reapsToLeaveOut.set(REAPS_LEFT_OUT);
            return 0;
        }
        if (reapsToLeaveOut.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return 0;
        }
        try {
            return redis.reap();
        } catch (RelayException e) {
            if (!away.began(e)) {
                throw e;
            }
            return 0;
        }
    }

    @Override
    public LimitUse use(String keyId, KeyLimits limits, ZoneOffset zone) {
        return redis.use(keyId, limits, zone);
    }
}
