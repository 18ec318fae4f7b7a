package org.ccrelayer.internal.store.redis;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Goes through the keys of a Redis in many small steps, so that nobody else waits. Stateless. */
final class RedisScan {
    private static final int STEP = 1_000;

    private RedisScan() {}

    /** The names of wanted keys behind a prefix. */
    static TreeSet<String> names(RedisLink redis, String prefix, Predicate<String> wanted) {
        TreeSet<String> names = new TreeSet<>();
        each(redis, prefix + "*", key -> {
            if (wanted.test(key)) {
                names.add(key.substring(prefix.length()));
            }
        });
        return names;
    }

    /** Shows every key that matches, some of them perhaps twice. */
    static void each(RedisLink redis, String pattern, Consumer<String> seen) {
        ScanArgs matching = ScanArgs.Builder.matches(pattern).limit(STEP);
        ScanCursor cursor = ScanCursor.INITIAL;
        do {
            ScanCursor from = cursor;
            KeyScanCursor<String> page = redis.call(commands -> commands.scan(from, matching));
            page.getKeys().forEach(seen);
            cursor = page;
        } while (!cursor.isFinished());
    }
}
