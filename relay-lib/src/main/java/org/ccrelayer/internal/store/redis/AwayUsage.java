package org.ccrelayer.internal.store.redis;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.usage.UsagePeriod;
import org.ccrelayer.usage.UsageRecord;
import org.ccrelayer.usage.UsageStore;
import org.ccrelayer.usage.UsageSubject;
import org.ccrelayer.usage.UsageTotals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger in Redis, and the journal in its place for rows that Redis does not take; a row that waits there is settled there.
 * Safe for concurrent use.
 */
final class AwayUsage implements UsageStore {
    private static final Logger LOG = LoggerFactory.getLogger(AwayUsage.class);

    private final RedisUsage redis;
    private final Away away;
    private final boolean local;

    /** What this relay opened and has not settled. */
    private final Set<String> opened = ConcurrentHashMap.newKeySet();

    /** @param local whether what needs no strict budget may be sent while Redis is away */
    AwayUsage(RedisUsage redis, Away away, boolean local) {
        this.redis = redis;
        this.away = away;
        this.local = local;
    }

    @Override
    public void open(UsageRecord row) {
        begin(row);
        opened.add(row.id());
    }

    private void begin(UsageRecord row) {
        boolean mayWait = local && row.reservedNanoUsd() == 0;
        if (!away.now()) {
            try {
                redis.open(row);
                return;
            } catch (RelayException e) {
                boolean began = away.began(e);
                if (!began || !mayWait) {
                    // It may be open all the same. Nothing is sent, so that it must not become an unknown one.
                    keep(row.in(UsageRecord.State.VOID));
                    throw e;
                }
            }
        }
        if (!mayWait) {
            throw Outage.refusal();
        }
        keep(row);
    }

    private void keep(UsageRecord row) {
        away.journal().keep(row);
        away.wake();
    }

    @Override
    public void streaming(String attemptId) {
        if (!away.now()) {
            redis.streaming(attemptId);
        }
    }

    /** What Redis does not take now waits, whatever the reason; nothing is lost by that. */
    @Override
    public boolean settle(UsageRecord row) {
        boolean booked = settled(row);
        opened.remove(row.id());
        return booked;
    }

    private boolean settled(UsageRecord row) {
        if (!away.now() && !away.journal().holds(row.id())) {
            try {
                RedisUsage.Settled settled = redis.settled(row);
                if (settled != RedisUsage.Settled.ABSENT || !opened.contains(row.id())) {
                    away.keys().settled(row);
                    return settled == RedisUsage.Settled.BOOKED;
                }
                LOG.warn("Redis lost the ledger row {}, as in a fail-over; it is booked anew.", row.id());
            } catch (RelayException e) {
                away.began(e);
            }
        }
        away.keys().settled(row);
        away.outage().countRow(row.state() == UsageRecord.State.VOID ? 0 : row.costNanoUsd());
        keep(row);
        return true;
    }

    @Override
    public void flush() {
        away.journal().sync();
        if (!away.now()) {
            redis.flush();
        }
    }

    @Override
    public Optional<UsageRecord> find(String attemptId) {
        return redis.find(attemptId);
    }

    @Override
    public List<UsageRecord> ofExchange(String exchangeId) {
        return redis.ofExchange(exchangeId);
    }

    @Override
    public UsageTotals totals(UsageSubject subject) {
        return redis.totals(subject);
    }

    @Override
    public SortedMap<String, UsageTotals> history(UsageSubject subject, UsagePeriod period) {
        return redis.history(subject, period);
    }

    @Override
    public Map<String, UsageTotals> modelsOfKey(String keyId) {
        return redis.modelsOfKey(keyId);
    }
}
