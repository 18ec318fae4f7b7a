package org.ccrelayer.internal.envelope;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.ccrelayer.internal.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What a body says about its cost, as one would find it with a parser, at leisure. No member of it is repeated. */
final class ParsedCost {
    private final RandomBody source;
    private final JsonObject body;
    private final Map<Long, String> unbounded = new TreeMap<>();
    private boolean cached;
    private boolean oneHour;
    private int images;
    private boolean unboundedInput;
    private int references;
    private int serverTools;
    private long uses;
    private int typed;
    private boolean hasTools;
    private long longestTool;

    ParsedCost(RandomBody source, JsonObject body) {
        this.source = source;
        this.body = body;
    }

    CostFacts facts() {
        findCaches(body);
        findBlocks(body.get("messages"), true, false);
        findBlocks(body.get("system"), false, false);
        unboundedInput |= body.has("thread") || body.has("container");
        tools();
        for (String name : List.of("mcp_servers", "fallbacks", "compaction")) {
            Object value = body.get(name);
            boolean empty = value == null
                    || "".equals(value)
                    || value instanceof List<?> list && list.isEmpty()
                    || value instanceof JsonObject object && object.names().isEmpty();
            if (!empty) {
                unbounded.put(source.start("." + name), name);
            }
        }
        if (hasCompaction(body.get("context_management"))) {
            unbounded.put(source.start(".context_management"), "context_management");
        }
        boolean format = body.has("output_format")
                || body.get("output_config") instanceof JsonObject config && config.has("format");
        return new CostFacts(
                source.bytes().length,
                images,
                imageBytes(),
                unboundedInput,
                cached,
                oneHour,
                serverTools,
                uses,
                typed,
                hasTools,
                format,
                references * longestTool,
                unbounded.isEmpty() ? null : unbounded.values().iterator().next());
    }

    private void findCaches(@Nullable Object value) {
        if (value instanceof List<?> list) {
            list.forEach(this::findCaches);
        } else if (value instanceof JsonObject object) {
            cached |= object.has("cache_control");
            if (object.get("cache_control") instanceof JsonObject control) {
                oneHour |= control.has("ttl") && !"5m".equals(control.get("ttl"));
            }
            object.names().forEach(name -> findCaches(object.get(name)));
        }
    }

    /** Looks at everything that might be a block; neither messages themselves nor sources are. */
    private void findBlocks(@Nullable Object value, boolean messages, boolean isSource) {
        if (value instanceof List<?> list) {
            list.forEach(element -> findBlocks(element, false, messages && element instanceof JsonObject));
        } else if (value instanceof JsonObject object) {
            boolean block = !isSource;
            if (block) {
                judge(object);
            }
            for (String name : object.names()) {
                Object member = object.get(name);
                boolean elsewhere = block && (name.equals("input") || isCitations(object, name));
                if (!elsewhere && !name.equals("cache_control")) {
                    findBlocks(member, false, block && name.equals("source") && member instanceof JsonObject);
                }
            }
        }
    }

    private static boolean isCitations(JsonObject object, String name) {
        return name.equals("citations") && object.get(name) instanceof JsonObject;
    }

    private void judge(JsonObject block) {
        Object type = block.get("type");
        boolean image = "image".equals(type);
        images += image ? 1 : 0;
        references += "tool_reference".equals(type) ? 1 : 0;
        boolean text = false;
        if (block.get("source") instanceof JsonObject from) {
            text = "text".equals(from.get("type")) || "content".equals(from.get("type"));
            unboundedInput |= !text && !image;
        }
        unboundedInput |= "document".equals(type) && !text;
        if (block.get("citations") instanceof JsonObject citations) {
            unboundedInput |= citations.has("enabled") && !Boolean.FALSE.equals(citations.get("enabled"));
        }
    }

    private static boolean hasCompaction(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().anyMatch(ParsedCost::hasCompaction);
        }
        if (!(value instanceof JsonObject object)) {
            return false;
        }
        boolean own = object.get("type") instanceof String type && (type.startsWith("compact") || type.length() > 64);
        return own
                || object.names().stream()
                        .filter(name -> !name.equals("cache_control"))
                        .anyMatch(name -> hasCompaction(object.get(name)));
    }

    private void tools() {
        if (!(body.get("tools") instanceof List<?> list)) {
            return;
        }
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof JsonObject tool) {
                String path = ".tools[" + i + "]";
                hasTools = true;
                longestTool = Math.max(longestTool, source.end(path) - source.start(path));
                tool(tool, i, path);
            }
        }
    }

    private void tool(JsonObject tool, int index, String path) {
        Object type = tool.get("type");
        if (type == null || type.equals("custom")) {
            return;
        }
        if (type instanceof String text && text.matches("(?s)(bash|text_editor|str_replace|computer|memory)_.*")) {
            typed++;
            return;
        }
        serverTools++;
        boolean advisor = type instanceof String text && text.startsWith("advisor_");
        boolean bounded = false;
        if (tool.get("max_uses") instanceof BigDecimal max) {
            bounded = spelling(path + ".max_uses").matches("[0-9]+") && max.longValueExact() <= 1_000_000;
            uses += bounded ? max.longValueExact() : 0;
        }
        if (advisor || !bounded) {
            unbounded.put(source.start(path), "tools[" + index + (advisor ? "].type" : "].max_uses"));
        }
    }

    private String spelling(String path) {
        int start = (int) source.start(path);
        return new String(source.bytes(), start, (int) source.end(path) - start, StandardCharsets.UTF_8);
    }

    private long imageBytes() {
        long bytes = 0;
        List<?> messages = body.get("messages") instanceof List<?> list ? list : List.of();
        for (int i = 0; i < messages.size(); i++) {
            for (Map.Entry<String, JsonObject> block : blocks(messages.get(i), ".messages[" + i + "]")) {
                bytes += dataBytes(block.getKey(), block.getValue());
                if ("tool_result".equals(block.getValue().get("type"))) {
                    for (Map.Entry<String, JsonObject> inner : blocks(block.getValue(), block.getKey())) {
                        bytes += dataBytes(inner.getKey(), inner.getValue());
                    }
                }
            }
        }
        return bytes;
    }

    private static List<Map.Entry<String, JsonObject>> blocks(@Nullable Object carrier, String path) {
        List<Map.Entry<String, JsonObject>> blocks = new ArrayList<>();
        if (carrier instanceof JsonObject object && object.get("content") instanceof List<?> content) {
            for (int i = 0; i < content.size(); i++) {
                if (content.get(i) instanceof JsonObject block) {
                    blocks.add(Map.entry(path + ".content[" + i + "]", block));
                }
            }
        }
        return blocks;
    }

    private long dataBytes(String path, JsonObject block) {
        boolean data = "image".equals(block.get("type"))
                && block.get("source") instanceof JsonObject from
                && "base64".equals(from.get("type"))
                && from.get("data") instanceof String;
        String place = path + ".source.data";
        return data ? source.end(place) - source.start(place) - 2 : 0;
    }
}
