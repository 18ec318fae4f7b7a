package org.ccrelayer.internal.metering;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The framing of event streams once more, on whole texts and line by line, to compare with. */
final class ReferenceParser {
    /**
     * A dispatched event.
     *
     * @param nameAtData the name that it had when its first data line came; empty where it had none
     */
    record Event(String name, String nameAtData, String data) {}

    private final List<Event> events = new ArrayList<>();
    private String name = "";
    private String nameAtData = "";
    private List<String> data = new ArrayList<>();

    static List<Event> parse(byte[] stream) {
        return read(stream).events;
    }

    /** Whether the last line is whole, and all lines since the last blank one are comments. */
    static boolean endsAtBorder(byte[] stream) {
        String text = "\n\n" + text(stream).replace("\r\n", "\n").replace('\r', '\n');
        String open = text.substring(text.lastIndexOf("\n\n") + 2);
        return text.endsWith("\n") && open.lines().allMatch(line -> line.startsWith(":"));
    }

    private static String text(byte[] stream) {
        String text = new String(stream, StandardCharsets.ISO_8859_1);
        String mark = new String(new char[] {0xEF, 0xBB, 0xBF});
        return text.startsWith(mark) ? text.substring(3) : text;
    }

    private static ReferenceParser read(byte[] stream) {
        ReferenceParser parser = new ReferenceParser();
        String[] lines = text(stream).split("\r\n|\n|\r", -1);
        for (int i = 0; i < lines.length - 1; i++) {
            parser.line(lines[i]);
        }
        return parser;
    }

    private void line(String line) {
        if (line.isEmpty()) {
            dispatch();
        } else if (!line.startsWith(":")) {
            int colon = line.indexOf(':');
            String value = colon < 0 ? "" : line.substring(colon + 1);
            field(colon < 0 ? line : line.substring(0, colon), value.startsWith(" ") ? value.substring(1) : value);
        }
    }

    private void field(String field, String value) {
        if (field.equals("event")) {
            name = value;
        } else if (field.equals("data")) {
            nameAtData = data.isEmpty() ? name : nameAtData;
            data.add(value);
        }
    }

    private void dispatch() {
        if (!data.isEmpty()) {
            byte[] joined = String.join("\n", data).getBytes(StandardCharsets.ISO_8859_1);
            events.add(new Event(
                    name.isEmpty() ? "message" : name, nameAtData, new String(joined, StandardCharsets.UTF_8)));
        }
        name = "";
        data = new ArrayList<>();
    }
}
