package org.ccrelayer.internal.envelope;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.ccrelayer.internal.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The content hash of a body as one would find it with a parser, at leisure, and all of it in memory. */
final class ParsedContent {
    private final JsonObject body;

    ParsedContent(JsonObject body) {
        this.body = body;
    }

    @Nullable
    String hash() {
        String cached = cachedSystem() + (messagesCached() ? firstText() : "");
        for (String text : List.of(
                cached, system(), messages().isEmpty() ? "" : text(messages().get(0)))) {
            if (!text.isEmpty()) {
                return hash(text);
            }
        }
        return null;
    }

    static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, 32);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private List<?> messages() {
        return body.get("messages") instanceof List<?> list ? list : List.of();
    }

    private String cachedSystem() {
        StringBuilder all = new StringBuilder();
        if (body.get("system") instanceof List<?> parts) {
            parts.stream().filter(ParsedContent::ephemeral).forEach(part -> all.append(textOf(part)));
        }
        return all.toString();
    }

    private String system() {
        StringBuilder all = new StringBuilder(body.get("system") instanceof String text ? text : "");
        if (body.get("system") instanceof List<?> parts) {
            parts.forEach(part -> all.append(textOf(part)));
        }
        return all.toString();
    }

    private boolean messagesCached() {
        return messages().stream().anyMatch(message -> {
            Object content = message instanceof JsonObject object ? object.get("content") : null;
            return content instanceof String
                    ? ephemeral(message)
                    : content instanceof List<?> parts && parts.stream().anyMatch(ParsedContent::ephemeral);
        });
    }

    private String firstText() {
        return messages().stream()
                .map(ParsedContent::text)
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static String text(@Nullable Object message) {
        Object content = message instanceof JsonObject object ? object.get("content") : null;
        StringBuilder all = new StringBuilder(content instanceof String text ? text : "");
        if (content instanceof List<?> parts) {
            parts.stream()
                    .filter(part -> part instanceof JsonObject object && "text".equals(object.get("type")))
                    .forEach(part -> all.append(textOf(part)));
        }
        return all.toString();
    }

    private static String textOf(@Nullable Object part) {
        return part instanceof JsonObject object && object.get("text") instanceof String text ? text : "";
    }

    private static boolean ephemeral(@Nullable Object carrier) {
        return carrier instanceof JsonObject object
                && object.get("cache_control") instanceof JsonObject control
                && "ephemeral".equals(control.get("type"));
    }
}
