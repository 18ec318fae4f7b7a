package org.ccrelayer.internal.envelope;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A valid request body made by chance: known members with right and wrong values in any order, the same names where they
 * mean nothing, odd white space and needless escapes. Remembers where each value begins and ends.
 */
final class RandomBody {
    private static final List<String> NAMES = List.of(
            "model",
            "stream",
            "max_tokens",
            "metadata",
            "thread",
            "diagnostics",
            "container",
            "fallback_credit_token",
            "speed",
            "inference_geo",
            "service_tier",
            "system",
            "tools",
            "messages",
            "cache_control",
            "user_id",
            "previous_message_id",
            "skills",
            "skill_id",
            "id",
            "token",
            "ttl",
            "type",
            "content",
            "file_id",
            "source",
            "data",
            "input",
            "citations",
            "enabled",
            "max_uses",
            "format",
            "text",
            "mcp_servers",
            "fallbacks",
            "compaction",
            "context_management",
            "output_config",
            "output_format",
            "other",
            "",
            "né",
            "🚀");
    private static final List<String> TEXTS = List.of(
            "",
            "x",
            "1h",
            "5m",
            "thinking",
            "redacted_thinking",
            "text",
            "ephemeral",
            "é",
            "🚀",
            "a\"b\\c/d",
            "line\n",
            "model",
            "f1",
            "f2",
            "custom",
            "x".repeat(200));
    private static final List<String> WHOLE_NUMBERS = List.of("0", "17", "1024.0", "1e3", "25E-0", "3.20e+1");
    private static final List<String> NUMBERS = List.of("-1", "0.5", "1e-7", "-0", "12345678901234567890", "2.5E+8");

    private static final List<String> BLOCK_TYPES = List.of(
            "text", "thinking", "redacted_thinking", "tool_use", "tool_result", "image", "document", "tool_reference");
    private static final List<String> SOURCE_TYPES =
            List.of("base64", "base64", "base64", "text", "content", "url", "file");
    private static final List<String> TOOL_TYPES = List.of(
            "custom",
            "bash_1",
            "text_editor_1",
            "computer_1",
            "memory_1",
            "web_search_1",
            "web_search_2",
            "advisor_1",
            "bash");

    private record Number(String spelling) {}

    private final Random random;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<String, Long> starts = new HashMap<>();
    private final Map<String, Long> ends = new HashMap<>();

    RandomBody(long seed) {
        random = new Random(seed);
        space();
        write("", body());
        space();
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    /** Where the value at a path like {@code .tools[1].name} begins. */
    long start(String path) {
        return starts.get(path);
    }

    /** Where that value ends. */
    long end(String path) {
        return ends.get(path);
    }

    private Map<String, @Nullable Object> body() {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        for (String name : NAMES) {
            if (random.nextInt(3) > 0) {
                body.put(name, topLevel(name));
            }
        }
        body.put("model", oneOf(List.of("claude-x", "m", "é🚀", "a/b\"c\\")));
        return shuffled(body);
    }

    private @Nullable Object topLevel(String name) {
        boolean odd = random.nextInt(6) == 0;
        return switch (name) {
            case "stream" -> oneOf(java.util.Arrays.asList(true, false, null));
            case "max_tokens" -> odd ? null : new Number(oneOf(WHOLE_NUMBERS));
            case "tools" -> odd ? anything(3) : list(this::tool);
            case "container" -> odd ? anything(3) : container();
            case "system" -> odd ? anything(3) : list(this::systemPart);
            case "mcp_servers", "fallbacks", "compaction", "context_management" -> odd ? endless() : null;
            case "messages" -> odd ? anything(4) : list(this::message);
            default -> anything(3);
        };
    }

    private @Nullable Object container() {
        Map<String, @Nullable Object> container = object(2);
        container.put("skills", random.nextInt(6) == 0 ? anything(2) : list(this::skill));
        return shuffled(container);
    }

    private @Nullable Object skill() {
        Map<String, @Nullable Object> skill = object(1);
        skill.put("type", oneOf(List.of("custom", "custom", "anthropic", "x".repeat(40))));
        skill.put("skill_id", oneOf(TEXTS));
        return shuffled(skill);
    }

    private @Nullable Object systemPart() {
        Map<String, @Nullable Object> part = object(3);
        if (random.nextBoolean()) {
            part.put("text", random.nextInt(50) == 0 ? "y".repeat(3000) : oneOf(TEXTS));
        }
        return shuffled(part);
    }

    private @Nullable Object endless() {
        Map<String, @Nullable Object> edit = object(1);
        edit.put("type", oneOf(List.of("clear_1", "compact_1", "x".repeat(65), "acompact")));
        return random.nextBoolean() ? anything(1) : new LinkedHashMap<>(Map.of("edits", List.of(edit)));
    }

    private @Nullable Object tool() {
        Map<String, @Nullable Object> tool = object(2);
        if (random.nextBoolean()) {
            tool.put("type", oneOf(TOOL_TYPES));
        }
        if (random.nextInt(4) > 0) {
            tool.put("max_uses", new Number(oneOf(List.of("0", "5", "1000000", "3", "2", "1000001", "1.0"))));
        }
        return random.nextInt(8) == 0 ? anything(2) : shuffled(tool);
    }

    private @Nullable Object message() {
        if (random.nextInt(6) == 0) {
            return anything(2);
        }
        Map<String, @Nullable Object> message = object(1);
        message.put("content", random.nextInt(5) == 0 ? anything(3) : list(this::block));
        return shuffled(message);
    }

    private @Nullable Object block() {
        if (random.nextInt(4) == 0) {
            return image();
        }
        Map<String, @Nullable Object> block = object(2);
        if (random.nextInt(4) > 0) {
            block.put("type", oneOf(BLOCK_TYPES));
        }
        if (random.nextBoolean()) {
            block.put("text", random.nextInt(50) == 0 ? "y".repeat(3000) : oneOf(TEXTS));
        }
        if (random.nextInt(3) == 0) {
            block.put("type", "tool_result");
            block.put("content", list(() -> random.nextBoolean() ? object(2) : image()));
        }
        if (random.nextInt(3) == 0) {
            block.put("source", source());
        }
        return random.nextInt(8) == 0 ? anything(2) : shuffled(block);
    }

    private @Nullable Object image() {
        Map<String, @Nullable Object> image = object(1);
        image.put("type", "image");
        image.put("source", source());
        return shuffled(image);
    }

    private @Nullable Object source() {
        Map<String, @Nullable Object> source = object(1);
        source.put("type", oneOf(SOURCE_TYPES));
        if (random.nextInt(4) > 0) {
            source.put("data", oneOf(TEXTS));
        }
        return random.nextInt(8) == 0 ? anything(2) : shuffled(source);
    }

    private @Nullable Object anything(int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 5)) {
            case 0, 1 -> oneOf(TEXTS);
            case 2 -> new Number(oneOf(NUMBERS));
            case 3 -> random.nextBoolean();
            case 4 -> null;
            case 5 -> list(() -> anything(depth - 1));
            default -> object(depth);
        };
    }

    private Map<String, @Nullable Object> object(int depth) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            object.put(oneOf(NAMES), anything(depth - 1));
        }
        if (random.nextInt(4) == 0) {
            object.put("cache_control", control());
        }
        return object;
    }

    private Map<String, @Nullable Object> control() {
        Map<String, @Nullable Object> control = object(1);
        if (random.nextBoolean()) {
            control.put("type", "ephemeral");
        }
        return control;
    }

    private List<@Nullable Object> list(java.util.function.Supplier<? extends @Nullable Object> element) {
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }

    private Map<String, @Nullable Object> shuffled(Map<String, @Nullable Object> object) {
        List<String> names = new ArrayList<>(object.keySet());
        Collections.shuffle(names, random);
        Map<String, @Nullable Object> shuffled = new LinkedHashMap<>();
        names.forEach(name -> shuffled.put(name, object.get(name)));
        return shuffled;
    }

    private <T extends @Nullable Object> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private void write(String path, @Nullable Object value) {
        starts.put(path, (long) out.size());
        if (value instanceof Map<?, ?> object) {
            writeObject(path, object);
        } else if (value instanceof List<?> list) {
            writeList(path, list);
        } else if (value instanceof String text) {
            writeText(text);
        } else {
            raw(value instanceof Number number ? number.spelling() : String.valueOf(value));
        }
        ends.put(path, (long) out.size());
    }

    private void writeObject(String path, Map<?, ?> object) {
        raw("{");
        String separator = "";
        for (Map.Entry<?, ?> member : object.entrySet()) {
            raw(separator);
            space();
            writeText(member.getKey().toString());
            space();
            raw(":");
            space();
            write(path + "." + member.getKey(), member.getValue());
            space();
            separator = ",";
        }
        raw(separator.isEmpty() && random.nextBoolean() ? " }" : "}");
    }

    private void writeList(String path, List<?> list) {
        raw("[");
        for (int i = 0; i < list.size(); i++) {
            raw(i == 0 ? "" : ",");
            space();
            write(path + "[" + i + "]", list.get(i));
            space();
        }
        raw("]");
    }

    private void writeText(String text) {
        raw("\"");
        text.codePoints().forEach(this::writeCharacter);
        raw("\"");
    }

    private void writeCharacter(int character) {
        String plain = Character.toString(character);
        if (character < ' ' || random.nextInt(12) == 0) {
            plain.chars().forEach(unit -> raw(String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", unit)));
        } else {
            raw(character == '"' || character == '\\' ? "\\" + plain : plain);
        }
    }

    private void space() {
        for (int i = random.nextInt(4) - 1; i > 0; i--) {
            raw(oneOf(List.of(" ", "\n", "\r", "\t")));
        }
    }

    private void raw(String text) {
        out.writeBytes(Bench.utf8(text));
    }
}
