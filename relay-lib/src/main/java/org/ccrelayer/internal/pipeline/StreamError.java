package org.ccrelayer.internal.pipeline;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;

/** An error in place of an answer, told as the first event of a stream with status 200. Stateless. */
final class StreamError {
    private static final String DATA = "data:";
    private static final String NAME = "event:";

    private StreamError() {}

    /** The error's JSON in the first bytes of a stream; empty where it cannot be read, as in a coded stream. */
    static Optional<byte[]> explanation(ByteBuffer bytes) {
        String text = StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
        String fromItsName = text.substring(Math.max(0, text.indexOf("error")));
        String data = fromItsName
                .lines()
                .takeWhile(line -> !line.isEmpty())
                .filter(line -> line.startsWith(DATA))
                .map(line -> line.substring(DATA.length()).strip())
                .collect(Collectors.joining("\n"));
        return data.isEmpty() || !text.contains(NAME)
                ? Optional.empty()
                : Optional.of(data.getBytes(StandardCharsets.UTF_8));
    }
}
