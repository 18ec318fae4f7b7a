package org.ccrelayer.testkit;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** How every key of a Redis is at a moment. Immutable. */
public final class RedisPrints {
    /** The order within a set means nothing, and moves when the set is only looked at. */
    private static final String ALL = """
            local found = {}
            for _, key in ipairs(redis.call('KEYS', '*')) do
              local text
              if redis.call('TYPE', key).ok == 'set' then
                local members = redis.call('SMEMBERS', key)
                table.sort(members)
                text = table.concat(members, '\\n')
              else
                text = redis.call('DUMP', key)
              end
              table.insert(found, key)
              table.insert(found, redis.sha1hex(text))
              table.insert(found, tostring(redis.call('PTTL', key)))
            end
            return found""";

    private final Map<String, Print> prints;
    private final long atNanos;

    /**
     * How a key is.
     *
     * @param hash of what DUMP tells
     * @param left milliseconds until it runs out, -1 where it does not
     */
    private record Print(String hash, long left) {}

    private RedisPrints(Map<String, Print> prints, long atNanos) {
        this.prints = prints;
        this.atNanos = atNanos;
    }

    /** Everything that is there now. */
    public static RedisPrints of(RedisPeer peer) {
        long atNanos = System.nanoTime();
        String[] told = peer.ask("EVAL", ALL, "0").split("\n");
        Map<String, Print> prints = new HashMap<>();
        for (int index = 0; index < told.length; index += 3) {
            prints.put(told[index], new Print(told[index + 1], Long.parseLong(told[index + 2])));
        }
        return new RedisPrints(prints, atNanos);
    }

    /** The keys. */
    public TreeSet<String> keys() {
        return new TreeSet<>(prints.keySet());
    }

    /** The keys that came, went, or hold something else. */
    public TreeSet<String> changedSince(RedisPrints before) {
        TreeSet<String> changed = keys();
        changed.addAll(before.prints.keySet());
        changed.removeIf(key -> prints.containsKey(key)
                && before.prints.containsKey(key)
                && prints.get(key).hash().equals(before.prints.get(key).hash()));
        return changed;
    }

    /** The keys whose life became shorter than it was, or that have an end and had none; each with both. */
    public Map<String, String> shortenedSince(RedisPrints before) {
        long passed = (atNanos - before.atNanos) / 1_000_000 + 1_000;
        Map<String, String> shortened = new TreeMap<>();
        prints.forEach((key, now) -> {
            Print then = before.prints.get(key);
            if (then != null && now.left() >= 0 && (then.left() < 0 || now.left() < then.left() - passed)) {
                shortened.put(key, then.left() + " to " + now.left());
            }
        });
        return shortened;
    }
}
