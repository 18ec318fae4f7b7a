package org.ccrelayer.internal.store.redis;

import io.lettuce.core.XAddArgs;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.testkit.PredecessorDump;

/** Puts the predecessor's data into a Redis. Stateless. */
final class DumpLoader {
    private DumpLoader() {}

    /** Writes all that the predecessor wrote into an empty Redis. */
    static void load(RedisLink redis) {
        PredecessorDump.rows().forEach(row -> load(redis, row));
    }

    private static void load(RedisLink redis, JsonObject row) {
        String key = row.string("key").orElseThrow();
        switch (row.string("type").orElseThrow()) {
            case "string" -> redis.call(to -> to.set(key, row.string("value").orElseThrow()));
            case "hash" ->
                redis.call(to ->
                        to.hset(key, PredecessorDump.fields(row.object("value").orElseThrow())));
            case "set" -> redis.call(to -> to.sadd(key, texts(row)));
            case "list" -> redis.call(to -> to.rpush(key, texts(row)));
            case "zset" ->
                row.objects("value")
                        .forEach(each -> redis.call(to -> to.zadd(
                                key,
                                Double.parseDouble(each.string("score").orElseThrow()),
                                each.string("member").orElseThrow())));
            default ->
                row.objects("value")
                        .forEach(each -> redis.call(to -> to.xadd(
                                key,
                                new XAddArgs().id(each.string("id").orElseThrow()),
                                PredecessorDump.fields(each.object("fields").orElseThrow()))));
        }
        long left = row.integer("pttl").orElse(-1L);
        if (left > 0) {
            redis.call(to -> to.pexpire(key, left));
        }
    }

    private static String[] texts(JsonObject row) {
        return row.strings("value").orElseThrow().toArray(String[]::new);
    }
}
