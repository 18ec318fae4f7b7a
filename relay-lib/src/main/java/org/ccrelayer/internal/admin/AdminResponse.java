package org.ccrelayer.internal.admin;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.ccrelayer.error.Outcome;
import org.ccrelayer.error.RelayException;
import org.ccrelayer.internal.json.JsonObject;

/**
 * An answer of the administration API. It prints no body.
 *
 * @param status 200 to 599
 * @param body UTF-8 JSON, which nobody changes
 * @param headers every header field to send, names in lower case
 */
public record AdminResponse(int status, byte[] body, Map<String, String> headers) {
    // Tokens and issued keys stand in these bodies.
    private static final Map<String, String> ALWAYS =
            Map.of("content-type", "application/json", "cache-control", "no-store");

    public AdminResponse {
        headers = Map.copyOf(headers);
    }

    static AdminResponse ok(JsonObject body) {
        return new AdminResponse(200, body.toBytes(), ALWAYS);
    }

    static AdminResponse created(JsonObject body) {
        return new AdminResponse(201, body.toBytes(), ALWAYS);
    }

    static AdminResponse list(Collection<JsonObject> elements) {
        String text = elements.stream().map(JsonObject::toString).collect(Collectors.joining(",", "[", "]"));
        return new AdminResponse(200, text.getBytes(StandardCharsets.UTF_8), ALWAYS);
    }

    static AdminResponse error(int status, String type, String message) {
        JsonObject error = JsonObject.empty().with("type", type).with("message", message);
        JsonObject body = JsonObject.empty().with("type", "error").with("error", error);
        return new AdminResponse(status, body.toBytes(), ALWAYS);
    }

    static AdminResponse invalid(String message) {
        return error(400, "invalid_request_error", message);
    }

    static AdminResponse notFound(String message) {
        return error(404, "not_found_error", message);
    }

    static AdminResponse unauthenticated(String message) {
        return error(401, "authentication_error", message)
                .with("x-should-retry", "false")
                .with("www-authenticate", "Bearer");
    }

    static AdminResponse throttled(Duration wait) {
        return error(429, Outcome.THROTTLED.errorType(), Outcome.THROTTLED.message())
                .with("retry-after", seconds(wait));
    }

    static AdminResponse of(RelayException failure) {
        AdminResponse told = error(failure.outcome().status(), failure.outcome().errorType(), failure.safeMessage());
        return failure.retryAfter()
                .map(wait -> told.with("retry-after", seconds(wait)))
                .orElse(told);
    }

    private static String seconds(Duration wait) {
        return String.valueOf(Math.max(1, wait.plusNanos(999_999_999).toSeconds()));
    }

    AdminResponse with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new AdminResponse(status, body, more);
    }

    @Override
    public String toString() {
        return "AdminResponse[" + status + "]";
    }
}
