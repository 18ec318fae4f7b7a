package org.ccrelayer.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ccrelayer.internal.json.JsonObject;

/** What the predecessor's software wrote into a Redis, and the secrets of it. Stateless. */
public final class PredecessorDump {
    private PredecessorDump() {}

    /** Its keys: {@code key}, {@code type}, {@code pttl} in milliseconds or -1, {@code value}. */
    public static List<JsonObject> rows() {
        return resource("dump.jsonl").lines().map(JsonObject::parse).toList();
    }

    /** Puts its keys into a Redis. */
    public static void into(RedisPeer peer) {
        rows().forEach(row -> {
            String key = row.string("key").orElseThrow();
            peer.ask(command(key, row).toArray(String[]::new));
            row.integer("pttl").filter(left -> left > 0).ifPresent(left -> peer.ask("PEXPIRE", key, "" + left));
        });
    }

    private static List<String> command(String key, JsonObject row) {
        switch (row.string("type").orElseThrow()) {
            case "string":
                return List.of("SET", key, row.string("value").orElseThrow());
            case "hash":
                List<String> hash = new ArrayList<>(List.of("HSET", key));
                fields(row.object("value").orElseThrow()).forEach((name, value) -> hash.addAll(List.of(name, value)));
                return hash;
            case "zset":
                List<String> sorted = new ArrayList<>(List.of("ZADD", key));
                row.objects("value")
                        .forEach(each -> sorted.addAll(List.of(
                                each.string("score").orElseThrow(),
                                each.string("member").orElseThrow())));
                return sorted;
            case "stream":
                // Nobody reads what stands in it.
                return List.of("XADD", key, "1-1", "data", "{}");
            default:
                List<String> elements = new ArrayList<>(
                        List.of(row.string("type").orElseThrow().equals("set") ? "SADD" : "RPUSH", key));
                elements.addAll(row.strings("value").orElseThrow());
                return elements;
        }
    }

    /** The secrets: {@code encryptionKey}, {@code encryptedFields}, {@code apiKeys} and more. */
    public static JsonObject secrets() {
        return JsonObject.parse(resource("dump-secrets.json"));
    }

    /** What the predecessor's functions answer. */
    public static JsonObject vectors() {
        return JsonObject.parse(resource("vectors.json"));
    }

    private static String resource(String name) {
        try (InputStream resource =
                Objects.requireNonNull(PredecessorDump.class.getResourceAsStream("/predecessor/" + name))) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An object of texts as a map. */
    public static Map<String, String> fields(JsonObject json) {
        Map<String, String> fields = new LinkedHashMap<>();
        json.names().forEach(name -> fields.put(name, json.string(name).orElseThrow()));
        return fields;
    }
}
