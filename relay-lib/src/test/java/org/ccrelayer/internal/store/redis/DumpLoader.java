package org.ccrelayer.internal.store.redis;

import io.lettuce.core.ScoredValue;
import io.lettuce.core.XAddArgs;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.testkit.PredecessorDump;

/** Puts the predecessor's data into a Redis. Stateless. */
final class DumpLoader {
    private DumpLoader() {}

    /** Writes all that the predecessor wrote into an empty Redis. */
    static void load(RedisLink redis) {
        List<CompletableFuture<?>> sent = new ArrayList<>();
        PredecessorDump.rows().forEach(row -> load(redis, row, sent));
        sent.forEach(redis::await);
    }

    /** Sends everything before any answer is waited for. */
    private static void load(RedisLink redis, JsonObject row, List<CompletableFuture<?>> sent) {
        String key = row.string("key").orElseThrow();
        switch (row.string("type").orElseThrow()) {
            case "string" ->
                sent.add(redis.sent(to -> to.set(key, row.string("value").orElseThrow())));
            case "hash" ->
                sent.add(redis.sent(to ->
                        to.hset(key, PredecessorDump.fields(row.object("value").orElseThrow()))));
            case "set" -> sent.add(redis.sent(to -> to.sadd(key, texts(row))));
            case "list" -> sent.add(redis.sent(to -> to.rpush(key, texts(row))));
            case "zset" -> sent.add(redis.sent(to -> to.zadd(key, members(row))));
            default ->
                row.objects("value")
                        .forEach(each -> sent.add(redis.sent(to -> to.xadd(
                                key,
                                new XAddArgs().id(each.string("id").orElseThrow()),
                                PredecessorDump.fields(each.object("fields").orElseThrow())))));
        }
        long left = row.integer("pttl").orElse(-1L);
        if (left > 0) {
            sent.add(redis.sent(to -> to.pexpire(key, left)));
        }
    }

    @SuppressWarnings("unchecked")
    private static ScoredValue<String>[] members(JsonObject row) {
        return row.objects("value").stream()
                .map(each -> ScoredValue.just(
                        Double.parseDouble(each.string("score").orElseThrow()),
                        each.string("member").orElseThrow()))
                .toArray(ScoredValue[]::new);
    }

    private static String[] texts(JsonObject row) {
        return row.strings("value").orElseThrow().toArray(String[]::new);
    }
}
