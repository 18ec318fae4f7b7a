package org.ccrelayer.internal.admission;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.ccrelayer.apikey.ApiKey;
import org.ccrelayer.apikey.CountedRate;
import org.ccrelayer.apikey.KeyAccess;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.envelope.RequestFacts;
import org.ccrelayer.limit.Claim;
import org.ccrelayer.limit.Decision;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.limit.LimitStore;
import org.ccrelayer.usage.PriceTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Grants or refuses, by the limits of the relay key. Safe for concurrent use; may block on the store. */
public final class AdmissionControl {
    private static final Logger LOG = LoggerFactory.getLogger(AdmissionControl.class);

    private static final int RENEWED_AT_ONCE = 500;

    private final LimitStore limits;
    private final PriceTable prices;
    private final GeneralRates rates;
    private final InstantSource clock;
    private final Terms terms;
    private final Set<Permit> held = ConcurrentHashMap.newKeySet();

    /**
     * What holds for every key.
     *
     * @param leaseTtl how long a request keeps its place without being renewed
     * @param zone where days and weeks begin, for keys that do not say
     * @param imageTokens the most input tokens that an image counts for
     */
    public record Terms(Duration leaseTtl, ZoneOffset zone, long imageTokens) {
        public Terms {
            requireNonNull(leaseTtl, "leaseTtl");
            requireNonNull(zone, "zone");
        }
    }

    /** Decides by what {@code limits} holds, at {@code prices}, of which {@code rates} and the keys' own rates count. */
    public AdmissionControl(
            LimitStore limits, PriceTable prices, GeneralRates rates, InstantSource clock, Terms terms) {
        this.limits = requireNonNull(limits, "limits");
        this.prices = requireNonNull(prices, "prices");
        this.rates = requireNonNull(rates, "rates");
        this.clock = requireNonNull(clock, "clock");
        this.terms = requireNonNull(terms, "terms");
    }

    /**
     * Lets a request in.
     *
     * @throws RelayException {@code FORBIDDEN} where the key may not use the model, {@code INVALID_REQUEST} where a strict
     *     budget cannot bound its cost, or the limit that has no room
     */
    public Permit admit(ApiKey key, String exchangeId, RequestFacts facts) {
        if (!key.limits().allows(facts.model())) {
            throw new RelayException(
                    Outcome.FORBIDDEN,
                    "This relay key may not use the model " + facts.model() + ". Ask the operator for one that may.");
        }
        CountedRate rate = key.access().rates().rate(KeyAccess.CLAUDE, rates.now());
        Optional<WorstCase> worst = worst(key, facts);
        long worstNanoUsd = worst.map(WorstCase::nanoUsd).orElse(0L);
        Claim claim = new Claim(
                new Lease(key.id(), exchangeId),
                key.limits(),
                key.limits().budgets().zone(terms.zone()),
                prices.family(facts.model()).orElse(""),
                rate.of(worstNanoUsd),
                terms.leaseTtl());
        Decision decision = limits.claim(claim);
        if (decision instanceof Decision.Refused refused) {
            throw new NoRoom(refused.refusal(), claim, worst, rate).told(clock.instant());
        }
        Permit permit = new Permit(this, claim, (Decision.Granted) decision, worstNanoUsd, rate);
        held.add(permit);
        return permit;
    }

    /** Only where it is reserved: it may be that there is none, which is nobody's problem otherwise. */
    private Optional<WorstCase> worst(ApiKey key, RequestFacts facts) {
        return key.limits().strict()
                ? Optional.of(WorstCase.of(facts, prices, clock.instant(), terms.imageTokens()))
                : Optional.empty();
    }

    boolean cover(Permit permit) {
        return limits.cover(permit.claim());
    }

    void release(Permit permit, boolean free) {
        held.remove(permit);
        limits.release(permit.claim().lease(), free);
    }

    /** How many permits are out. */
    public int held() {
        return held.size();
    }

    /** Renews what is held, then gives up what relays left behind that are gone; to be called three times per lease. */
    public void keepAlive() {
        renew(List.copyOf(held));
        int lost = limits.reap();
        if (lost > 0) {
            LOG.warn("{} requests of a relay that is gone were booked as unknown.", lost);
        }
    }

    /** So many at a time, each batch is asked for before any of it is waited for. One that fails keeps no other from it. */
    private void renew(List<Permit> permits) {
        for (int from = 0; from < permits.size(); from += RENEWED_AT_ONCE) {
            List<Permit> some = permits.subList(from, Math.min(permits.size(), from + RENEWED_AT_ONCE));
            List<CompletableFuture<Boolean>> answers =
                    some.stream().map(this::renewing).toList();
            for (int index = 0; index < some.size(); index++) {
                renewed(some.get(index), answers.get(index));
            }
        }
    }

    private CompletableFuture<Boolean> renewing(Permit permit) {
        Claim claim = permit.claim();
        return limits.renewing(claim.lease(), claim.ttl(), claim.limits().concurrency())
                .toCompletableFuture();
    }

    private void renewed(Permit permit, CompletableFuture<Boolean> answer) {
        String exchangeId = permit.claim().lease().exchangeId();
        try {
            if (!answer.join() && held.contains(permit)) {
                LOG.warn("{} lost its place within its key's limits, which it did not renew in time.", exchangeId);
            }
        } catch (CompletionException e) {
            LOG.warn("{} could not renew its place within its key's limits; it is tried again.", exchangeId);
            LOG.debug("{} could not renew its place", exchangeId, e);
        }
    }
}
