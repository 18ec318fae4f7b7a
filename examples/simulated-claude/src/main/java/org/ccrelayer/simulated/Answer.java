package org.ccrelayer.simulated;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The status, type and complete content of one answer; the body is the events joined. */
record Answer(int status, String contentType, List<byte[]> events) {
    private static final String JSON = "application/json";
    private static final int BYTES_PER_TOKEN = 4;

    static Answer json(int status, byte[] body) {
        return new Answer(status, JSON, List.of(body));
    }

    static Answer error(int status, ApiError error, String requestId) {
        return json(status, error.toBody(requestId));
    }

    /** The answer of a script; a refusal has an empty one that is never sent. */
    static Answer of(Script script, ReceivedRequest request, String requestId) {
        Reply reply = script.settings().reply;
        if (reply instanceof Reply.OfMessage message) {
            return ofMessage(message, script.settings(), request, requestId);
        } else if (reply instanceof Reply.OfBytes bytes) {
            return ofBytes(bytes);
        } else if (reply instanceof Reply.OfError error) {
            return error(error.status(), ApiError.of(error.status()), requestId);
        } else if (reply instanceof Reply.OfRateLimit) {
            return error(429, ApiError.of(429), requestId);
        }
        return new Answer(503, JSON, List.of());
    }

    boolean isStream() {
        return contentType != null && contentType.startsWith(SseEvents.CONTENT_TYPE);
    }

    int length() {
        return events.stream().mapToInt(event -> event.length).sum();
    }

    private static Answer ofBytes(Reply.OfBytes bytes) {
        Answer whole = new Answer(bytes.status(), bytes.contentType(), List.of(bytes.body()));
        return whole.isStream()
                ? new Answer(bytes.status(), bytes.contentType(), SseEvents.split(bytes.body()))
                : whole;
    }

    private static Answer ofMessage(
            Reply.OfMessage reply, Settings settings, ReceivedRequest request, String requestId) {
        MessageRequest asked;
        try {
            asked = MessageRequest.of(request);
        } catch (IllegalArgumentException e) {
            return error(400, new ApiError("invalid_request_error", "Unreadable body: " + e.getMessage()), requestId);
        }
        if (request.path().endsWith("/count_tokens")) {
            long tokens = usage(settings, request, 0).input();
            return json(200, ("{\"input_tokens\":" + tokens + "}").getBytes(StandardCharsets.UTF_8));
        }
        Message message = message(reply, asked, settings, request, requestId);
        return asked.stream()
                ? new Answer(200, SseEvents.CONTENT_TYPE + "; charset=utf-8", message.toEvents(settings.ping))
                : json(200, message.toJson());
    }

    private static Message message(
            Reply.OfMessage reply, MessageRequest asked, Settings settings, ReceivedRequest request, String requestId) {
        boolean tooLong =
                !reply.fixedCount() && asked.maxTokens() < reply.content().count();
        Content content = tooLong ? reply.content().limitedTo(asked.maxTokens()) : reply.content();
        String stopReason = tooLong ? "max_tokens" : content.isTool() ? "tool_use" : "end_turn";
        String model = settings.model == null ? asked.model() : settings.model;
        Usage usage = usage(settings, request, content.count());
        return new Message("msg_" + requestId.substring(requestId.indexOf('_') + 1), model, content, stopReason, usage);
    }

    private static Usage usage(Settings settings, ReceivedRequest request, int output) {
        long input = (request.body().length + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
        return settings.usage == null ? new Usage(input, output, 0, 0, 0) : settings.usage;
    }
}
