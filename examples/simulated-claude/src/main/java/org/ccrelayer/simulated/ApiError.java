package org.ccrelayer.simulated;

import java.nio.charset.StandardCharsets;

/** The API's error object: its type, its message, and the two forms in which it travels. */
record ApiError(String type, String message) {

    static ApiError of(int status) {
        return switch (status) {
            case 401 -> new ApiError("authentication_error", "invalid credential");
            case 402 -> new ApiError("billing_error", "There is a problem with the billing of this organization");
            case 403 -> new ApiError("permission_error", "This credential may not use the requested resource");
            case 404 -> new ApiError("not_found_error", "Not found");
            case 409 -> new ApiError("conflict_error", "The resource was changed by another request");
            case 413 -> new ApiError("request_too_large", "Request exceeds the maximum size");
            case 429 ->
                new ApiError("rate_limit_error", "This request would exceed the rate limit of the organization");
            case 504 -> new ApiError("timeout_error", "The request took too long");
            case 529 -> new ApiError("overloaded_error", "Overloaded");
            default ->
                status < 500
                        ? new ApiError("invalid_request_error", "Invalid request")
                        : new ApiError("api_error", "Internal server error");
        };
    }

    static ApiError ofType(String type) {
        String message = type.equals("overloaded_error") ? "Overloaded" : "The answer could not be completed";
        return new ApiError(type, message);
    }

    byte[] toBody(String requestId) {
        return toJson(requestId).getBytes(StandardCharsets.UTF_8);
    }

    byte[] toEvent(String requestId) {
        return ("event: error\ndata: " + toJson(requestId) + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private String toJson(String requestId) {
        return "{\"type\":\"error\",\"error\":{\"type\":" + Json.quote(type) + ",\"message\":" + Json.quote(message)
                + "},\"request_id\":" + Json.quote(requestId) + "}";
    }
}
