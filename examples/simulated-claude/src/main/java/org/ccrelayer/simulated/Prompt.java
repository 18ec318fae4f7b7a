package org.ccrelayer.simulated;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The blocks of a message request in the order in which the API caches them: tools, system, messages. Immutable.
 *
 * <p>A text in place of a list of blocks is one text block. White space between tokens of JSON, the order of a block's own
 * members, and where {@code cache_control} stands make no difference; the order of members further inside does.
 */
record Prompt(List<Block> blocks) {
    static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    static final Duration ONE_HOUR = Duration.ofHours(1);

    private static final int CHARACTERS_PER_TOKEN = 4;
    private static final String CACHE_CONTROL = "cache_control";

    /**
     * One block.
     *
     * @param prefix tells the model and everything up to the end of this block from anything else
     * @param tokens of this block alone
     * @param ttl how long everything up to here is to be cached; null where the block is not marked
     */
    record Block(String prefix, long tokens, Duration ttl) {
        boolean marked() {
            return ttl != null;
        }
    }

    Prompt {
        blocks = List.copyOf(blocks);
    }

    /**
     * The prompt of a request with these top-level members.
     *
     * @throws IllegalArgumentException when one of them has not the form that the API asks for
     */
    static Prompt of(Map<String, String> members) {
        Reading reading = new Reading(members.getOrDefault("model", ""));
        for (String tool : Json.elements(members.getOrDefault("tools", "[]"))) {
            reading.add("tools", tool);
        }
        reading.addContent("system", members.getOrDefault("system", "[]"));
        for (String message : Json.elements(members.getOrDefault("messages", "[]"))) {
            Map<String, String> parts = Json.members(message);
            reading.addContent(parts.getOrDefault("role", ""), parts.getOrDefault("content", "[]"));
        }
        reading.mark(ttl(members.get(CACHE_CONTROL)));
        return new Prompt(reading.blocks);
    }

    long tokens() {
        return tokens(blocks);
    }

    static long tokens(List<Block> blocks) {
        return blocks.stream().mapToLong(Block::tokens).sum();
    }

    private static Duration ttl(String control) {
        if (control == null || control.equals("null")) {
            return null;
        }
        String ttl = Json.members(control).getOrDefault("ttl", "\"5m\"");
        return switch (ttl) {
            case "\"5m\"" -> FIVE_MINUTES;
            case "\"1h\"" -> ONE_HOUR;
            default -> throw new IllegalArgumentException("cache_control.ttl: must be 5m or 1h");
        };
    }

    /** The blocks so far, each identified by all before it. */
    private static final class Reading {
        private final List<Block> blocks = new ArrayList<>();
        private String prefix;

        Reading(String model) {
            prefix = model;
        }

        void addContent(String place, String content) {
            if (content.startsWith("\"")) {
                add(place, "{\"type\":\"text\",\"text\":" + content + "}");
            } else {
                Json.elements(content).forEach(block -> add(place, block));
            }
        }

        void add(String place, String block) {
            Map<String, String> members = new TreeMap<>(Json.members(block));
            Duration ttl = ttl(members.remove(CACHE_CONTROL));
            StringBuilder text = new StringBuilder();
            members.forEach(
                    (name, value) -> text.append(Json.quote(name)).append(':').append(Json.compact(value)));
            prefix = sha256(prefix + "\n" + place + "\n" + text);
            long tokens = (text.length() + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
            blocks.add(new Block(prefix, tokens, ttl));
        }

        /** Marks the last block, unless it is marked itself or there is nothing to mark it with. */
        void mark(Duration ttl) {
            int last = blocks.size() - 1;
            if (ttl != null && last >= 0 && !blocks.get(last).marked()) {
                blocks.set(last, new Block(prefix, blocks.get(last).tokens(), ttl));
            }
        }

        private static String sha256(String text) {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
