package org.ccrelayer.internal.pipeline;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.http.ClientResponse;
import org.ccrelayer.internal.json.JsonObject;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.Callback;

/**
 * Turns an ending into bytes, in the Claude API's error shape. The only place where that is done. Stateless.
 */
final class ErrorResponder {
    /** From this wait on, clients that obey {@code retry-after} would sit in silence; they are told not to. */
    private static final long LONGEST_CLIENT_WAIT_SECONDS = 5;

    /** Endings that the same request meets again, however soon it is tried. */
    private static final Set<Outcome> POINTLESS =
            Set.of(Outcome.UNAUTHENTICATED, Outcome.BUDGET_SPENT, Outcome.BUDGET_TOO_SMALL);

    private ErrorResponder() {}

    /** Answers with the error. */
    static void respond(ClientResponse response, RelayException failure, String exchangeId, Callback callback) {
        byte[] body = body(failure, exchangeId);
        response.head(failure.outcome().status(), headers(failure, exchangeId, body.length));
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    private static HttpFields headers(RelayException failure, String exchangeId, int length) {
        HttpFields.Mutable headers = HttpFields.build()
                .put(HttpHeader.CONTENT_TYPE, "application/json")
                .put(HttpHeader.CONTENT_LENGTH, length)
                .put("request-id", exchangeId);
        boolean pointless = POINTLESS.contains(failure.outcome());
        if (failure.retryAfter().isPresent()) {
            long seconds =
                    Math.max(1, failure.retryAfter().get().plusMillis(999).toSeconds());
            headers.put(HttpHeader.RETRY_AFTER, seconds);
            pointless |= seconds > LONGEST_CLIENT_WAIT_SECONDS;
        }
        if (pointless) {
            headers.put("x-should-retry", "false");
        }
        return headers;
    }

    /** The error as one event of a stream, to be sent where no other event is half-sent. */
    static ByteBuffer event(Outcome outcome, String message, String exchangeId) {
        String data = new String(body(new RelayException(outcome, message), exchangeId), StandardCharsets.UTF_8);
        return StandardCharsets.UTF_8.encode("event: error\ndata: " + data + "\n\n");
    }

    private static byte[] body(RelayException failure, String exchangeId) {
        JsonObject error =
                JsonObject.empty().with("type", failure.outcome().errorType()).with("message", failure.safeMessage());
        if (!failure.code().isEmpty()) {
            error = error.with("details", JsonObject.empty().with("error_code", failure.code()));
        }
        return JsonObject.empty()
                .with("type", "error")
                .with("error", error)
                .with("request_id", exchangeId)
                .toBytes();
    }
}
