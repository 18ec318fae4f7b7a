package org.ccrelayer.internal.store.redis;

import io.lettuce.core.Range;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.testkit.RedisPeer;

/** How the predecessor reads its own records: written from its description, and with nothing of the relay's codecs. */
public final class PredecessorRules implements AutoCloseable {
    private final RedisLink redis;
    private final String encryptionKey;

    PredecessorRules(RedisLink redis, String encryptionKey) {
        this.redis = redis;
        this.encryptionKey = encryptionKey;
    }

    /** For a server, by a connection of its own. */
    public static PredecessorRules of(RedisPeer peer, String encryptionKey) {
        return new PredecessorRules(RedisRelay.link(peer, RedisRelay.PATIENT, InstantSource.system()), encryptionKey);
    }

    /** What it tells the holder of a relay key. */
    public String verdict(String apiKey, Instant now) {
        String hash = sha256(apiKey + encryptionKey);
        String id = redis.call(commands -> commands.hget("apikey:hash_map", hash));
        if (id == null) {
            id = redis.call(commands -> commands.hget("apikey_hash:" + hash, "id"));
        }
        String keyId = id;
        Map<String, String> key =
                keyId == null ? Map.of() : redis.call(commands -> commands.hgetall("apikey:" + keyId));
        if (key.isEmpty()) {
            return "API key not found";
        }
        if (!"true".equals(key.get("isActive"))) {
            return "API key is disabled";
        }
        String end = key.getOrDefault("expiresAt", "");
        if (!end.isEmpty() && now.isAfter(Instant.parse(end))) {
            return "API key has expired";
        }
        boolean begins = "activation".equals(key.get("expirationMode")) && "false".equals(key.get("isActivated"));
        if ("true".equals(key.get("enableClientRestriction"))
                && !list(key.get("allowedClients")).isEmpty()) {
            return "client must be " + list(key.get("allowedClients"));
        }
        return mayUseClaude(key.getOrDefault("permissions", "")) ? begins ? "begins" : "ok" : "permission_error";
    }

    private static boolean mayUseClaude(String permissions) {
        if (permissions.isEmpty() || permissions.equals("all")) {
            return true;
        }
        List<String> services = permissions.startsWith("[") ? list(permissions) : List.of(permissions.split(","));
        return services.isEmpty() || services.contains("all") || services.contains("claude");
    }

    /** The accounts of the pool in the order in which it would take them. */
    public List<String> pool(Instant now) {
        Map<BigDecimal, List<String>> pool = new TreeMap<>();
        Set<String> ids = redis.call(commands -> commands.smembers("claude_console_account:index"));
        for (String id : new TreeSet<>(ids)) {
            Map<String, String> account = redis.call(commands -> commands.hgetall("claude_console_account:" + id));
            String end = account.getOrDefault("subscriptionExpiresAt", "");
            if ("true".equals(account.get("isActive"))
                    && "active".equals(account.get("status"))
                    && "shared".equals(account.getOrDefault("accountType", "shared"))
                    && !"false".equals(account.get("schedulable"))
                    && (end.isEmpty() || Instant.parse(end).isAfter(now))) {
                pool.computeIfAbsent(new BigDecimal(account.get("priority")), none -> new ArrayList<>())
                        .add(id);
            }
        }
        return redis.call(commands -> commands.exists("claude_console_account:index:empty")) > 0
                ? List.of()
                : pool.values().stream().flatMap(List::stream).toList();
    }

    /** Which limit it would refuse a request by; empty where there is room. In its own order, at its own offset of hours. */
    public String limit(String keyId, Instant now, int offset) {
        Map<String, String> key = redis.call(commands -> commands.hgetall("apikey:" + keyId));
        int concurrency = (int) number(key, "concurrencyLimit");
        if (concurrency > 0 && running(keyId, now) >= concurrency) {
            return "concurrencyLimit";
        }
        String window = window(key, keyId, now);
        if (!window.isEmpty()) {
            return window;
        }
        String day = PredecessorTraffic.day(now, offset);
        String week = PredecessorTraffic.week(now, offset, key);
        return Stream.of(
                        over(key, "dailyCostLimit", "usage:cost:daily:" + keyId + ":" + day),
                        over(key, "totalCostLimit", "usage:cost:total:" + keyId),
                        over(key, "weeklyOpusCostLimit", "usage:opus:weekly:" + keyId + ":" + week))
                .filter(limit -> !limit.isEmpty())
                .findFirst()
                .orElse("");
    }

    private String window(Map<String, String> key, String keyId, Instant now) {
        double minutes = number(key, "rateLimitWindow");
        double start = amount("rate_limit:window_start:" + keyId);
        if (minutes == 0 || start == 0 || now.toEpochMilli() - start >= minutes * 60_000) {
            return "";
        }
        String requests = over(key, "rateLimitRequests", "rate_limit:requests:" + keyId);
        String rest = number(key, "tokenLimit") > 0
                ? over(key, "tokenLimit", "rate_limit:tokens:" + keyId)
                : over(key, "rateLimitCost", "rate_limit:cost:" + keyId);
        return requests.isEmpty() ? rest : requests;
    }

    private String over(Map<String, String> key, String limit, String counter) {
        double most = number(key, limit);
        return most > 0 && amount(counter) >= most ? limit : "";
    }

    /** The name of the week that a moment falls in for a key. */
    public String week(String keyId, Instant now, int offset) {
        return PredecessorTraffic.week(now, offset, redis.call(commands -> commands.hgetall("apikey:" + keyId)));
    }

    /** How many exchanges of a key run, by its own count. */
    public long running(String keyId, Instant now) {
        return redis.call(commands -> commands.zcount(
                "concurrency:" + keyId,
                Range.from(Range.Boundary.excluding(now.toEpochMilli()), Range.Boundary.unbounded())));
    }

    /** What a counter holds; 0 where there is none. */
    public double amount(String counter) {
        String text = redis.call(commands -> commands.get(counter));
        return text == null ? 0 : Double.parseDouble(text);
    }

    private static double number(Map<String, String> key, String field) {
        String text = key.getOrDefault(field, "");
        return text.isEmpty() ? 0 : Double.parseDouble(text);
    }

    private static List<String> list(String json) {
        return JsonObject.parse("{\"v\":" + json + "}").strings("v").orElse(List.of());
    }

    @Override
    public void close() {
        redis.close();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
