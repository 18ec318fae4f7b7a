package org.ccrelayer.simulated;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Server-sent events: writing single ones, and cutting a transcript into the ones it consists of. */
final class SseEvents {
    static final String CONTENT_TYPE = "text/event-stream";

    private SseEvents() {}

    /** An event whose data is an object that carries the event's name as its type. */
    static byte[] event(String name, String members) {
        String separator = members.isEmpty() ? "" : ",";
        return ("event: " + name + "\ndata: {\"type\":\"" + name + "\"" + separator + members + "}\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    static byte[] ping() {
        return event("ping", "");
    }

    /** Cuts behind every run of blank lines, so that the parts joined are the transcript again, byte for byte. */
    static List<byte[]> split(byte[] transcript) {
        // ISO 8859-1 maps bytes to characters one to one, which keeps the cut exact for any encoding.
        String text = new String(transcript, StandardCharsets.ISO_8859_1);
        List<byte[]> parts = new ArrayList<>();
        for (String part : text.split("(?<=\n\n|\n\r\n|\r\r)(?![\r\n])")) {
            parts.add(part.getBytes(StandardCharsets.ISO_8859_1));
        }
        return parts;
    }
}
