package org.ccrelayer.internal.metering;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a scanner tells. */
final class EventLog implements SseListener {
    final List<EventKind> kinds = new ArrayList<>();
    final List<String> lines = new ArrayList<>();
    private final ByteArrayOutputStream streamed = new ByteArrayOutputStream();
    private EventKind begun = EventKind.OTHER;

    @Override
    public void dataBegins(EventKind kind) {
        begun = kind;
        streamed.reset();
    }

    @Override
    public void data(byte[] bytes, int from, int to) {
        streamed.write(bytes, from, to - from);
    }

    @Override
    public void event(EventKind kind, byte[] data, int length) {
        kinds.add(kind);
        lines.add(kind
                + switch (kind.use()) {
                    case NONE -> "";
                    case STREAMED -> begun == kind ? streamed.toString(StandardCharsets.UTF_8) : "lost";
                    case KEPT -> length < 0 ? "lost" : new String(data, 0, length, StandardCharsets.UTF_8);
                });
        begun = EventKind.OTHER;
    }

    /** What must be written down of the events that the reference finds. */
    static List<String> expected(byte[] stream) {
        return ReferenceParser.parse(stream).stream().map(EventLog::line).toList();
    }

    private static String line(ReferenceParser.Event event) {
        EventKind kind = kind(event.name());
        EventKind before = event.nameAtData().isEmpty() ? EventKind.MESSAGE : kind(event.nameAtData());
        boolean unnamed = before == EventKind.MESSAGE;
        boolean seen =
                switch (kind.use()) {
                    case NONE -> true;
                    case STREAMED -> before == kind || unnamed || before.use() == EventKind.Use.KEPT;
                    case KEPT -> unnamed || before.use() == EventKind.Use.KEPT;
                };
        return kind + (kind.use() == EventKind.Use.NONE ? "" : seen ? event.data() : "lost");
    }

    private static EventKind kind(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        return EventKind.named(bytes, bytes.length);
    }
}
