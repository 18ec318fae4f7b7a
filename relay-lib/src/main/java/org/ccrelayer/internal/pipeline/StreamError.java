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

    /** The status that the upstream would have told it with; 500 for a type that is not known. */
    static int status(String errorType) {
        return switch (errorType) {
            case "invalid_request_error" -> 400;
            case "authentication_error" -> 401;
            case "billing_error" -> 402;
            case "permission_error" -> 403;
            case "not_found_error" -> 404;
            case "conflict_error" -> 409;
            case "request_too_large" -> 413;
            case "rate_limit_error" -> 429;
            case "timeout_error" -> 504;
            case "overloaded_error" -> 529;
            default -> 500;
        };
    }

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
