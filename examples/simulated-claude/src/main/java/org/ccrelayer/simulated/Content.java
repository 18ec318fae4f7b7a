package org.ccrelayer.simulated;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The single content block of a simulated message, cut into the pieces a stream sends it in. Immutable.
 *
 * <p>The bytes of the delta events are built once, because every request that a script answers needs the same ones.
 */
final class Content {
    private static final int TOOL_INPUT_PIECES = 3;

    private final String toolName;
    private final List<String> pieces;
    private final List<byte[]> deltaEvents;

    private Content(String toolName, List<String> pieces, List<byte[]> deltaEvents) {
        this.toolName = toolName;
        this.pieces = pieces;
        this.deltaEvents = deltaEvents;
    }

    /** A text whose pieces are its words, each with the white space that follows it. */
    static Content text(String text) {
        return ofPieces(null, List.of(text.split("(?<=\\s)(?=\\S)")));
    }

    static Content repeated(String piece, int count) {
        return ofPieces(null, Collections.nCopies(count, piece));
    }

    static Content toolUse(String toolName, String inputJson) {
        return ofPieces(toolName, split(inputJson, TOOL_INPUT_PIECES));
    }

    private static Content ofPieces(String toolName, List<String> pieces) {
        List<byte[]> events = new ArrayList<>(pieces.size());
        String previous = null;
        for (String piece : pieces) {
            boolean repeated = piece.equals(previous);
            events.add(repeated ? events.get(events.size() - 1) : deltaEvent(toolName, piece));
            previous = piece;
        }
        return new Content(toolName, pieces, Collections.unmodifiableList(events));
    }

    private static byte[] deltaEvent(String toolName, String piece) {
        String member = toolName == null ? "\"text_delta\",\"text\":" : "\"input_json_delta\",\"partial_json\":";
        return SseEvents.event(
                "content_block_delta", "\"index\":0,\"delta\":{\"type\":" + member + Json.quote(piece) + "}");
    }

    /** The API begins a tool's input with an empty piece; the rest may be cut inside anything but a character. */
    private static List<String> split(String text, int count) {
        List<String> pieces = new ArrayList<>(List.of(""));
        int from = 0;
        for (int i = 1; i <= count; i++) {
            int to = (int) ((long) text.length() * i / count);
            to += to < text.length() && Character.isLowSurrogate(text.charAt(to)) ? 1 : 0;
            if (to > from) {
                pieces.add(text.substring(from, to));
                from = to;
            }
        }
        return pieces;
    }

    Content withCount(int count) {
        return isTool() ? ofPieces(toolName, split(whole(), count)) : repeated(pieces.get(0), count);
    }

    Content withPiece(String piece) {
        if (isTool()) {
            throw new IllegalStateException("the deltas of a tool use are pieces of its input");
        }
        return repeated(piece, pieces.size());
    }

    Content limitedTo(long maxPieces) {
        int count = (int) Math.min(maxPieces, pieces.size());
        return new Content(toolName, pieces.subList(0, count), deltaEvents.subList(0, count));
    }

    boolean isTool() {
        return toolName != null;
    }

    int count() {
        return pieces.size();
    }

    List<byte[]> deltaEvents() {
        return deltaEvents;
    }

    /** The block as it stands in a JSON answer. */
    String toJson(String id) {
        return isTool() ? toolStart(id) + whole() + "}" : "{\"type\":\"text\",\"text\":" + Json.quote(whole()) + "}";
    }

    /** The block as a stream announces it, still empty. */
    String toEmptyJson(String id) {
        return isTool() ? toolStart(id) + "{}}" : "{\"type\":\"text\",\"text\":\"\"}";
    }

    private String toolStart(String id) {
        return "{\"type\":\"tool_use\",\"id\":" + Json.quote(id) + ",\"name\":" + Json.quote(toolName) + ",\"input\":";
    }

    private String whole() {
        return String.join("", pieces);
    }
}
