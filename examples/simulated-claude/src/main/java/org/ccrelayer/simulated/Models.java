package org.ccrelayer.simulated;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.jetty.util.Fields;

/** The models the simulator lists. */
final class Models {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 1_000;
    private static final List<Model> ALL = List.of(
            new Model("claude-fable-5-2", "Claude Fable 5.2", "2026-11-09T00:00:00Z"),
            new Model("claude-opus-5-5", "Claude Opus 5.5", "2026-10-07T00:00:00Z"),
            new Model("claude-sonnet-5-5", "Claude Sonnet 5.5", "2026-10-07T00:00:00Z"),
            new Model("claude-haiku-5-5", "Claude Haiku 5.5", "2026-10-07T00:00:00Z"),
            new Model("claude-opus-5", "Claude Opus 5", "2026-06-01T00:00:00Z"),
            new Model("claude-sonnet-5", "Claude Sonnet 5", "2026-06-01T00:00:00Z"),
            new Model("claude-haiku-4-5-20251001", "Claude Haiku 4.5", "2025-10-01T00:00:00Z"));

    private record Model(String id, String displayName, String createdAt) {

        String toJson() {
            return "{\"type\":\"model\",\"id\":" + Json.quote(id) + ",\"display_name\":" + Json.quote(displayName)
                    + ",\"created_at\":" + Json.quote(createdAt) + "}";
        }
    }

    private Models() {}

    /**
     * One page of the list.
     *
     * @throws IllegalArgumentException when limit or after_id are not usable
     */
    static byte[] page(Fields query) {
        int from = indexAfter(query.getValue("after_id"));
        int to = (int) Math.min(ALL.size(), (long) from + limit(query.getValue("limit")));
        List<Model> page = ALL.subList(from, to);
        String data = page.stream().map(Model::toJson).collect(Collectors.joining(","));
        String json = "{\"data\":[" + data + "],\"has_more\":" + (to < ALL.size()) + ",\"first_id\":"
                + idOrNull(page, 0) + ",\"last_id\":" + idOrNull(page, page.size() - 1) + "}";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** One model, or null when there is none with this id. */
    static byte[] single(String id) {
        return ALL.stream()
                .filter(model -> model.id().equals(id))
                .map(model -> model.toJson().getBytes(StandardCharsets.UTF_8))
                .findFirst()
                .orElse(null);
    }

    private static int limit(String value) {
        int limit = value == null ? DEFAULT_LIMIT : Integer.parseInt(value);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be from 1 to " + MAX_LIMIT);
        }
        return limit;
    }

    private static int indexAfter(String id) {
        if (id == null) {
            return 0;
        }
        for (int i = 0; i < ALL.size(); i++) {
            if (ALL.get(i).id().equals(id)) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("after_id names no model: " + id);
    }

    private static String idOrNull(List<Model> page, int index) {
        return page.isEmpty() ? "null" : Json.quote(page.get(index).id());
    }
}
