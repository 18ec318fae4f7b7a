package org.ccrelayer.internal.store.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.ccrelayer.internal.store.redis.LocalKey.Room;
import org.ccrelayer.limit.Lease;
import org.ccrelayer.usage.Cost;
import org.ccrelayer.usage.UsageRecord;

/** The relay keys that are in use on this relay. Those that nobody asks with are forgotten. Safe for concurrent use. */
final class LocalLimits {
    private static final Duration IDLE = Duration.ofMinutes(10);

    private final ConcurrentHashMap<String, LocalKey> keys = new ConcurrentHashMap<>();

    /** A key that somebody asks with now. */
    LocalKey key(String keyId, Instant now) {
        return keys.compute(keyId, (id, known) -> (known == null ? new LocalKey(now) : known).seen(now));
    }

    /** A lease runs on until then. */
    void renewed(String keyId, String exchangeId, Instant end) {
        keys.computeIfPresent(keyId, (id, known) -> {
            known.renewed(exchangeId, end);
            return known;
        });
    }

    /** What runs that this relay let in without Redis. */
    List<LocalKey.LetIn> letIn() {
        return keys.values().stream().flatMap(key -> key.letIn().stream()).toList();
    }

    /** How an exchange that runs was let in, if that was without Redis. */
    Optional<LocalKey.LetIn> letIn(Lease lease) {
        return Optional.ofNullable(keys.get(lease.keyId())).flatMap(key -> key.letIn(lease.exchangeId()));
    }

    /** A lease ended. */
    void released(String keyId, String exchangeId, boolean free) {
        keys.computeIfPresent(keyId, (id, known) -> {
            known.released(exchangeId, free);
            return known;
        });
    }

    /** A row was settled. */
    void settled(UsageRecord row) {
        keys.computeIfPresent(row.keyId(), (id, known) -> {
            known.settled(row);
            return known;
        });
    }

    /** Drops the keys that are not in use any more. */
    void forgetIdle(Instant now) {
        for (String keyId : keys.keySet()) {
            keys.computeIfPresent(keyId, (id, known) -> known.idle(now, IDLE) ? null : known);
        }
    }

    /** How many keys are known. */
    int size() {
        return keys.size();
    }

    /** What may be let in from now on without Redis, in words. */
    String bound(Instant now) {
        List<Room> rooms = keys.values().stream()
                .flatMap(key -> key.room(now, Outage.LOCAL).stream())
                .toList();
        List<Room> budgeted =
                rooms.stream().filter(room -> room.left() != LocalKey.UNLIMITED).toList();
        long left = budgeted.stream().mapToLong(Room::left).reduce(0, LocalLimits::sum);
        long counted = rooms.stream().filter(Room::counted).count();
        long free = rooms.stream()
                .filter(room -> !room.counted() && room.left() == LocalKey.UNLIMITED)
                .count();
        return "For " + Outage.LOCAL.toSeconds() + " seconds at most this relay goes on by its own count: "
                + rooms.size() + " relay keys were used here in the last minute, of which " + counted
                + " keep to their concurrency and window on this relay, " + budgeted.size()
                + " to what is left of their budgets, $" + Cost.usd(left).toPlainString() + " altogether, and " + free
                + " have no limit. Keys with strict budgets get 503.";
    }

    private static long sum(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }
}
