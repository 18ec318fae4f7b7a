package org.ccrelayer.simulated;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One simulated message, which can be written as a JSON answer or as the events of a stream with the same content. */
record Message(String id, String model, Content content, String stopReason, Usage usage) {

    byte[] toJson() {
        String rest = ",\"content\":[" + content.toJson(blockId()) + "],\"stop_reason\":" + Json.quote(stopReason)
                + ",\"stop_sequence\":null,\"usage\":" + usage.toJson() + "}";
        return (head() + rest).getBytes(StandardCharsets.UTF_8);
    }

    List<byte[]> toEvents(boolean ping) {
        List<byte[]> events = new ArrayList<>(content.count() + 6);
        events.add(start());
        events.add(SseEvents.event(
                "content_block_start", "\"index\":0,\"content_block\":" + content.toEmptyJson(blockId())));
        if (ping) {
            events.add(SseEvents.ping());
        }
        events.addAll(content.deltaEvents());
        events.add(SseEvents.event("content_block_stop", "\"index\":0"));
        events.add(SseEvents.event(
                "message_delta",
                "\"delta\":{\"stop_reason\":" + Json.quote(stopReason) + ",\"stop_sequence\":null},\"usage\":"
                        + usage.toDeltaJson()));
        events.add(SseEvents.event("message_stop", ""));
        return events;
    }

    private byte[] start() {
        String rest = ",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":"
                + usage.atStart().toJson() + "}";
        return SseEvents.event("message_start", "\"message\":" + head() + rest);
    }

    private String head() {
        return "{\"id\":" + Json.quote(id) + ",\"type\":\"message\",\"role\":\"assistant\",\"model\":"
                + Json.quote(model);
    }

    private String blockId() {
        return "toolu_" + id.substring(id.indexOf('_') + 1);
    }
}
