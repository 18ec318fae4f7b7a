package org.ccrelayer.internal.store.redis;

import io.lettuce.core.api.async.RedisServerAsyncCommands;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ccrelayer.error.RelayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a server tells of itself, and whether the relay can use it. Immutable. */
final class ServerCheck {
    private static final Logger LOG = LoggerFactory.getLogger(ServerCheck.class);
    private static final double OLDEST_VERSION = 6.2;

    private final Map<String, String> told;

    ServerCheck(Map<String, String> told) {
        this.told = told;
    }

    /** Asks the server. */
    static ServerCheck of(RedisLink link) {
        try {
            return new ServerCheck(parsed(link.<String>patiently(RedisServerAsyncCommands::info)));
        } catch (RelayException e) {
            throw new IllegalStateException(
                    "REDIS_ADDR: Redis does not tell of itself; it must allow INFO and answer in time", e);
        }
    }

    /** The lines {@code name:value} of an answer to {@code INFO}. */
    static Map<String, String> parsed(String answer) {
        return answer.lines()
                .filter(line -> !line.startsWith("#") && line.contains(":"))
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf(':')),
                        line -> line.substring(line.indexOf(':') + 1).strip(),
                        (first, second) -> second));
    }

    /**
     * Refuses what cannot be used, and warns of what may lose something.
     *
     * @throws IllegalStateException for a cluster, a replica or an old version
     */
    void check(RedisTarget target) {
        refuse(
                "1".equals(told.get("cluster_enabled")),
                "REDIS_ADDR: " + target
                        + " is a Redis Cluster, which the relay cannot use, since its decisions take several"
                        + " keys; use one server, or Sentinels");
        refuse(
                version() < OLDEST_VERSION,
                "REDIS_ADDR: Redis at " + target + " has version " + told.get("redis_version")
                        + "; the relay needs 6.2 or newer");
        refuse(
                "slave".equals(told.get("role")),
                "REDIS_ADDR: Redis at " + target + " is a replica; name its master, or Sentinels");
        warn(
                "0".equals(told.get("aof_enabled")),
                "Redis at {} writes no append-only file: what it was told since its last snapshot is gone when it ends. Set"
                        + " appendonly yes.",
                target);
        warn(
                !"noeviction".equals(told.getOrDefault("maxmemory_policy", "noeviction")),
                "Redis at {} may drop keys when its memory is full, and with them what was spent. Set maxmemory-policy"
                        + " noeviction.",
                target);
    }

    private double version() {
        String[] parts = told.getOrDefault("redis_version", "0").split("\\.", -1);
        Function<Integer, String> part = index -> index < parts.length ? parts[index].replaceAll("\\D", "") : "";
        String major = part.apply(0);
        String minor = part.apply(1);
        return (major.isEmpty() ? 0 : Integer.parseInt(major))
                + (minor.isEmpty() ? 0 : Math.min(9, Integer.parseInt(minor)) / 10.0);
    }

    private static void refuse(boolean problem, String message) {
        if (problem) {
            throw new IllegalStateException(message);
        }
    }

    private static void warn(boolean problem, String message, RedisTarget target) {
        if (problem) {
            LOG.warn(message, target);
        }
    }
}
