package org.ccrelayer.internal.store.redis;

import io.lettuce.core.Range;
import io.lettuce.core.SetArgs;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/** What the predecessor does for the requests that it serves: written from its description, with plain commands. */
final class PredecessorTraffic {
    private static final Duration LEASE = Duration.ofSeconds(300);

    private final RedisLink redis;
    private final InstantSource clock;
    private final int offset;

    PredecessorTraffic(RedisLink redis, InstantSource clock, int offset) {
        this.redis = redis;
        this.clock = clock;
        this.offset = offset;
    }

    private static OffsetDateTime there(Instant now, int offset) {
        return OffsetDateTime.ofInstant(now, ZoneOffset.ofHours(offset));
    }

    static String day(Instant now, int offset) {
        return DateTimeFormatter.ISO_LOCAL_DATE.format(there(now, offset));
    }

    static String week(Instant now, int offset, Map<String, String> key) {
        OffsetDateTime at = there(now, offset);
        int day = Integer.parseInt(key.getOrDefault("weeklyResetDay", "1"));
        int hour = Integer.parseInt(key.getOrDefault("weeklyResetHour", "0"));
        int back = (at.getDayOfWeek().getValue() - DayOfWeek.of(day).getValue() + 7) % 7;
        if (back == 0 && at.getHour() < hour) {
            back = 7;
        }
        return String.format("%sT%02d", DateTimeFormatter.ISO_LOCAL_DATE.format(at.minusDays(back)), hour);
    }

    private long now() {
        return clock.instant().toEpochMilli();
    }

    /** Claims a slot; whether the key has room. */
    boolean acquire(String keyId, String request, int limit) {
        String places = "concurrency:" + keyId;
        tidy(places);
        redis.call(to -> to.zadd(places, now() + LEASE.toMillis(), request));
        redis.call(to -> to.pexpire(places, Math.max((LEASE.toSeconds() + 30) * 1000, 60_000)));
        if (redis.call(to -> to.zcard(places)) <= limit) {
            return true;
        }
        release(keyId, request);
        return false;
    }

    void renew(String keyId, String request) {
        String places = "concurrency:" + keyId;
        tidy(places);
        if (redis.call(to -> to.zscore(places, request)) != null) {
            redis.call(to -> to.zadd(places, now() + LEASE.toMillis(), request));
        }
    }

    void release(String keyId, String request) {
        String places = "concurrency:" + keyId;
        tidy(places);
        redis.call(to -> to.zrem(places, request));
        if (redis.call(to -> to.zcard(places)) <= 0) {
            redis.call(to -> to.del(places));
        }
    }

    private void tidy(String places) {
        redis.call(to -> to.zremrangebyscore(places, Range.create(Double.NEGATIVE_INFINITY, (double) now())));
    }

    /** What it does when it is stopped. */
    void stop() {
        List<String> places = redis.call(to -> to.keys("concurrency:*"));
        if (!places.isEmpty()) {
            redis.call(to -> to.del(places.toArray(String[]::new)));
        }
    }

    /** Counts a request in the key's window. */
    void request(String keyId, Duration window) {
        String start = redis.call(to -> to.get("rate_limit:window_start:" + keyId));
        if (start == null || now() - Long.parseLong(start) >= window.toMillis()) {
            SetArgs life = SetArgs.Builder.px(window.toMillis());
            redis.call(to -> to.set("rate_limit:window_start:" + keyId, "" + now(), life));
            for (String count : List.of("requests", "tokens", "cost")) {
                redis.call(to -> to.set("rate_limit:" + count + ":" + keyId, "0", life));
            }
        }
        redis.call(to -> to.incr("rate_limit:requests:" + keyId));
    }

    /** Counts what a request used. */
    void used(String keyId, long tokens, String usd, boolean windowed) {
        Map<String, String> key = redis.call(to -> to.hgetall("apikey:" + keyId));
        double cost = Double.parseDouble(usd);
        if (windowed) {
            redis.call(to -> to.incrby("rate_limit:tokens:" + keyId, tokens));
            redis.call(to -> to.incrbyfloat("rate_limit:cost:" + keyId, cost));
        }
        redis.call(to -> to.hincrby("usage:" + keyId, "totalAllTokens", tokens));
        String day = day(clock.instant(), offset);
        spend("usage:cost:daily:" + keyId + ":" + day, cost, 2_592_000);
        spend("usage:cost:total:" + keyId, cost, 0);
        spend("usage:opus:weekly:" + keyId + ":" + week(clock.instant(), offset, key), cost, 1_209_600);
    }

    private void spend(String counter, double cost, long seconds) {
        redis.call(to -> to.incrbyfloat(counter, cost));
        if (seconds > 0) {
            redis.call(to -> to.expire(counter, seconds));
        }
    }
}
