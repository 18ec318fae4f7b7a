package org.ccrelayer.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
