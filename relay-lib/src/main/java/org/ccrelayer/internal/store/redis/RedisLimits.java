package org.ccrelayer.internal.store.redis;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.ccrelayer.apikey.Budgets;
import org.ccrelayer.apikey.KeyLimits;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Decision;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.limit.LimitStore;
import org.ccrelayer.limit.LimitUse;
import org.ccrelayer.limit.Refusal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The limits of relay keys in Redis: each decision is one script, by the server's clock. Safe for concurrent use. */
final class RedisLimits implements LimitStore {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLimits.class);
    private static final Script CLAIM = Script.ofLimits("claim");
    private static final Script COVER = Script.ofLimits("cover");
    private static final Script RENEW = Script.ofLimits("renew");
    private static final Script RELEASE = Script.ofLimits("release");
    private static final Script USE = Script.ofLimits("use");
    private static final Script LOST = Script.of("time", "lost");
    private static final int LEASES_PER_BATCH = 100;
    private static final int MOST_BATCHES = 10;

    /** Where the answer to a claim says what is left of the budgets. */
    private static final int LEFT = 7;

    private final RedisLink link;
    private final RedisTime time;
    private final RedisUsage usage;
    private final ZoneOffset zone;

    /**
     * Limits.
     *
     * @param zone where the predecessor's days and weeks begin
     */
    RedisLimits(RedisLink link, RedisTime time, RedisUsage usage, ZoneOffset zone) {
        this.link = link;
        this.time = time;
        this.usage = usage;
        this.zone = zone;
        link.load(CLAIM, COVER, RENEW, RELEASE, USE, LOST);
    }

    @Override
    public Decision claim(Claim claim) {
        return claimed(claim).decision();
    }

    /**
     * What became of a claim.
     *
     * @param left nano-USD left of the key's tightest budget, below zero where it has none; null where the server did not say
     */
    record Claimed(Decision decision, @Nullable Long left) {}

    /** As {@link #claim}, with what is left. */
    Claimed claimed(Claim claim) {
        List<Object> answer;
        try {
            answer = link.run(CLAIM, keys(claim.lease()), LimitArguments.ofClaim(claim, time.argument(), zone));
        } catch (RelayException e) {
            // It may have been let in all the same. What is sent later is done later, so this gives back what it took.
            end(claim.lease(), true);
            throw e;
        }
        Instant at = RedisTime.moment(number(answer.get(1)));
        Refusal refusal = refusal(answer, claim.limits());
        Decision decision = answer.get(0).equals(1L)
                ? new Decision.Granted(at, refusal)
                : new Decision.Refused(requireNonNull(refusal));
        return new Claimed(decision, lookedAtBudgets(decision) ? number(answer.get(LEFT)) : null);
    }

    /** Who has no place, or no room in the window, is refused before the budgets are looked at. */
    private static boolean lookedAtBudgets(Decision decision) {
        return !(decision instanceof Decision.Refused refused)
                || refused.refusal().limit().compareTo(Refusal.Limit.WINDOW_COST) > 0;
    }

    private static @Nullable Refusal refusal(List<Object> answer, KeyLimits limits) {
        String name = (String) answer.get(2);
        if (name.isEmpty()) {
            return null;
        }
        Refusal.Limit limit = Refusal.Limit.valueOf(name);
        long frees = number(answer.get(6));
        return new Refusal(
                limit,
                Refusal.Cause.valueOf((String) answer.get(3)),
                value(limit, limits),
                number(answer.get(4)),
                number(answer.get(5)),
                frees < 0 ? null : Duration.of(frees, ChronoUnit.MICROS));
    }

    private static long value(Refusal.Limit limit, KeyLimits limits) {
        Budgets budgets = limits.budgets();
        return switch (limit) {
            case CONCURRENCY -> limits.concurrency();
            case WINDOW_REQUESTS -> limits.rate().requests();
            case WINDOW_TOKENS -> limits.rate().tokens();
            case WINDOW_COST -> limits.rate().costNanoUsd();
            case DAILY_BUDGET -> budgets.dailyNanoUsd();
            case TOTAL_BUDGET -> budgets.totalNanoUsd();
            case WEEKLY_BUDGET -> budgets.weekly().nanoUsd();
        };
    }

    @Override
    public boolean cover(Claim claim) {
        return !claim.limits().strict()
                || link.decides(COVER, keys(claim.lease()), LimitArguments.ofCover(claim, zone));
    }

    @Override
    public boolean renew(Lease lease, Duration ttl, int concurrency) {
        return link.await(renewing(lease, ttl, concurrency));
    }

    @Override
    public CompletableFuture<Boolean> renewing(Lease lease, Duration ttl, int concurrency) {
        return renewing(lease, renewal(lease, ttl, concurrency, null));
    }

    /** Lets run on what this relay let in by itself, with a place that it has from now on; without waiting. */
    CompletableFuture<Boolean> renewing(LocalKey.LetIn exchange) {
        Claim claim = exchange.claim();
        return renewing(
                claim.lease(),
                renewal(claim.lease(), claim.ttl(), claim.limits().concurrency(), exchange));
    }

    private CompletableFuture<Boolean> renewing(Lease lease, List<String> arguments) {
        return link.sent(RENEW, keys(lease), arguments).thenApply(List.of(1L)::equals);
    }

    private List<String> renewal(Lease lease, Duration ttl, int concurrency, LocalKey.@Nullable LetIn letIn) {
        return List.of(
                time.argument(),
                lease.exchangeId(),
                Long.toString(RedisTime.micros(ttl)),
                Integer.toString(concurrency),
                letIn == null ? "" : Long.toString(RedisTime.micros(letIn.at())),
                lease.keyId(),
                letIn == null ? "" : letIn.claim().family());
    }

    /** Does not wait: a lease whose end does not reach the server runs out by itself. */
    @Override
    public void release(Lease lease, boolean free) {
        end(lease, free);
    }

    private void end(Lease lease, boolean free) {
        released(lease, free, false).whenComplete((answer, e) -> {
            if (e != null) {
                LOG.debug("{} keeps its place until its lease runs out.", lease.exchangeId(), e);
            }
        });
    }

    /** Ends a lease, without waiting. */
    CompletableFuture<List<Object>> released(Lease lease, boolean free) {
        return released(lease, free, false);
    }

    private CompletableFuture<List<Object>> released(Lease lease, boolean free, boolean onlyIfLost) {
        return link.sent(
                RELEASE, keys(lease), List.of(time.argument(), lease.exchangeId(), flag(free), flag(onlyIfLost)));
    }

    @Override
    public int reap() {
        int reaped = 0;
        for (int batch = 0; batch < MOST_BATCHES; batch++) {
            List<Object> lost =
                    link.run(LOST, List.of(RedisKeys.LOST.key()), List.of(time.argument(), "" + LEASES_PER_BATCH));
            Instant at = RedisTime.moment(number(lost.get(0)));
            for (int index = 1; index < lost.size(); index += 2) {
                Lease lease = new Lease((String) lost.get(index + 1), (String) lost.get(index));
                reaped += reap(lease, at) ? 1 : 0;
            }
            if (lost.size() <= LEASES_PER_BATCH) {
                break;
            }
        }
        return reaped;
    }

    /** Another relay may do so at the same time, and the lease may be renewed meanwhile: each step looks for itself. */
    private boolean reap(Lease lease, Instant at) {
        boolean booked = usage.settleLost(lease.exchangeId(), at);
        List<String> arguments = List.of(time.argument(), lease.exchangeId(), flag(false), flag(true));
        return link.decides(RELEASE, keys(lease), arguments) || booked;
    }

    @Override
    public LimitUse use(String keyId, KeyLimits limits, ZoneOffset keyZone) {
        List<Object> now = link.run(
                USE, RedisKeys.limits(keyId, ""), LimitArguments.ofUse(limits, keyZone, time.argument(), zone));
        return new LimitUse(
                Math.toIntExact(number(now.get(0))),
                number(now.get(1)),
                number(now.get(2)),
                number(now.get(3)),
                number(now.get(4)),
                number(now.get(5)),
                number(now.get(6)),
                number(now.get(7)),
                number(now.get(8)));
    }

    private static List<String> keys(Lease lease) {
        return RedisKeys.limits(lease.keyId(), lease.exchangeId());
    }

    private static long number(Object answer) {
        return answer instanceof Long number ? number : Long.parseLong((String) answer);
    }

    private static String flag(boolean set) {
        return set ? "1" : "0";
    }
}
