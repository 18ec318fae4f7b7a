package org.ccrelayer.internal.store.redis;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.ccrelayer.internal.json.JsonObject;

/** How the predecessor reads its own records: written from its description, and with nothing of the relay's codecs. */
final class PredecessorRules {
    private final RedisLink redis;
    private final String encryptionKey;

    PredecessorRules(RedisLink redis, String encryptionKey) {
        this.redis = redis;
        this.encryptionKey = encryptionKey;
    }

    /** What it tells the holder of a relay key. */
    String verdict(String apiKey, Instant now) {
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
    List<String> pool(Instant now) {
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

    private static List<String> list(String json) {
        return JsonObject.parse("{\"v\":" + json + "}").strings("v").orElse(List.of());
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
