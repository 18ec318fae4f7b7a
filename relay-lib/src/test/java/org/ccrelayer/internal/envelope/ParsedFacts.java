package org.ccrelayer.internal.envelope;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.ccrelayer.internal.envelope.CacheBreakpoint.Section;
import org.ccrelayer.internal.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The facts of a body as one would find them with a parser, at leisure. */
final class ParsedFacts {
    private static final int NOT_IN_MESSAGES = -1;

    private final RandomBody source;
    private final JsonObject body;
    private final List<CacheBreakpoint> breakpoints = new ArrayList<>();
    private final Set<String> files = new LinkedHashSet<>();
    private boolean thinking;

    ParsedFacts(RandomBody source) {
        this.source = source;
        this.body = JsonObject.parse(source.bytes());
    }

    RequestFacts facts() {
        for (String name : body.names()) {
            if (!name.equals("tools")) {
                findFiles(body.get(name), name.equals("messages") ? 0 : NOT_IN_MESSAGES);
            }
        }
        if (text(body.get("file_id")) != null) {
            files.add(text(body.get("file_id")));
        }
        for (String name : body.names()) {
            switch (name) {
                case "cache_control" -> breakpoint(body, Section.TOP_LEVEL, 0, "");
                case "tools" -> findInElements(Section.TOOLS, name);
                case "system" -> findInElements(Section.SYSTEM, name);
                case "messages" -> findInMessages();
                default -> {}
            }
        }
        Object tokens = body.get("max_tokens");
        return new RequestFacts(
                body.string("model").orElseThrow(),
                source.start(".model"),
                source.end(".model"),
                Boolean.TRUE.equals(body.get("stream")),
                tokens == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(body.integer("max_tokens").orElseThrow()),
                member("metadata", "user_id"),
                text(body.get("speed")),
                text(body.get("inference_geo")),
                text(body.get("service_tier")),
                breakpoints.subList(0, Math.min(16, breakpoints.size())),
                pinned(),
                thinking,
                new ParsedCost(source, body).facts(),
                new ParsedContent(body).hash());
    }

    private PinnedIds pinned() {
        String container = text(body.get("container"));
        String credit = text(body.get("fallback_credit_token"));
        return new PinnedIds(
                member("thread", "previous_message_id"),
                member("diagnostics", "previous_message_id"),
                container == null ? member("container", "id") : container,
                files,
                skills(),
                body.has("fallback_credit_token"),
                credit == null ? member("fallback_credit_token", "token") : credit);
    }

    private @Nullable String member(String object, String name) {
        return body.get(object) instanceof JsonObject found ? text(found.get(name)) : null;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value instanceof String text && !text.isEmpty() ? text : null;
    }

    /**
     * The files of a value; depths 1, 3 and 5 of the messages are those of a message, a block and a block within it, and an
     * {@code input} and {@code citations} of a block are left out.
     */
    private void findFiles(@Nullable Object value, int depth) {
        if (value instanceof List<?> list) {
            boolean onTheWay = depth == 0 || depth == 2 || depth == 4;
            list.forEach(element -> findFiles(element, onTheWay ? depth + 1 : NOT_IN_MESSAGES));
        } else if (value instanceof JsonObject object) {
            boolean onTheWay = depth == 1 || depth == 3 || depth == 5;
            for (String name : object.names()) {
                boolean aside = onTheWay && depth > 1 && (name.equals("input") || name.equals("citations"));
                String text = text(object.get(name));
                if (name.equals("file_id") && text != null) {
                    files.add(text);
                }
                if (!aside) {
                    boolean content = onTheWay && name.equals("content");
                    findFiles(object.get(name), content ? depth + 1 : NOT_IN_MESSAGES);
                }
            }
        }
    }

    private Set<String> skills() {
        Set<String> found = new LinkedHashSet<>();
        List<?> list = body.get("container") instanceof JsonObject container ? list(container, "skills") : List.of();
        for (Object element : list) {
            if (element instanceof JsonObject skill && "custom".equals(skill.get("type"))) {
                String id = text(skill.get("skill_id"));
                if (id != null) {
                    found.add(id);
                }
            }
        }
        return found;
    }

    private void findInElements(Section section, String name) {
        List<?> elements = list(body, name);
        for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i) instanceof JsonObject element) {
                breakpoint(element, section, i, "." + name + "[" + i + "]");
            }
        }
    }

    private void findInMessages() {
        List<?> messages = list(body, "messages");
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i) instanceof JsonObject message) {
                findInBlocks(message, i, ".messages[" + i + "]", false);
            }
        }
    }

    private void findInBlocks(JsonObject carrier, int index, String path, boolean inner) {
        List<?> blocks = list(carrier, "content");
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i) instanceof JsonObject block) {
                String blockPath = path + ".content[" + i + "]";
                Object type = block.get("type");
                thinking |= !inner && ("thinking".equals(type) || "redacted_thinking".equals(type));
                findInBlock(block, index, blockPath, inner);
            }
        }
    }

    private void findInBlock(JsonObject block, int index, String path, boolean inner) {
        for (String name : block.names()) {
            if (name.equals("cache_control")) {
                breakpoint(block, Section.MESSAGES, index, path);
            } else if (name.equals("content") && !inner) {
                findInBlocks(block, index, path, true);
            }
        }
    }

    private void breakpoint(JsonObject carrier, Section section, int index, String path) {
        if (carrier.get("cache_control") instanceof JsonObject control) {
            String ttl = "1h".equals(control.get("ttl")) ? "1h" : "5m";
            breakpoints.add(new CacheBreakpoint(section, index, source.start(path), ttl));
        }
    }

    private static List<?> list(JsonObject object, String name) {
        return object.get(name) instanceof List<?> list ? list : List.of();
    }
}
