package org.ccrelayer.simulated;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The status, type and complete content of one answer; the body is the events joined.
 *
 * @param prompt what the prompt counts as, which hears of the first byte of a message
 */
record Answer(int status, String contentType, List<byte[]> events, PromptTokens prompt) {
    private static final String JSON = "application/json";
    private static final int BYTES_PER_TOKEN = 4;

    Answer(int status, String contentType, List<byte[]> events) {
        this(status, contentType, events, PromptTokens.uncached(0));
    }

    static Answer json(int status, byte[] body) {
        return new Answer(status, JSON, List.of(body));
    }

    static Answer error(int status, ApiError error, String requestId) {
        return json(status, error.toBody(requestId));
    }

    /**
     * The answer of a script; a refusal has an empty one that is never sent.
     *
     * @param cache null for an API without a cache
     */
    static Answer of(Script script, ReceivedRequest request, String requestId, PromptCache cache) {
        Reply reply = script.settings().reply;
        if (reply instanceof Reply.OfMessage message) {
            return ofReadable(message, script.settings(), request, requestId, cache);
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

    private static Answer ofReadable(
            Reply.OfMessage reply, Settings settings, ReceivedRequest request, String requestId, PromptCache cache) {
        try {
            MessageRequest asked = MessageRequest.of(request);
            if (request.path().endsWith("/count_tokens")) {
                long tokens = settings.usage == null ? counted(request, asked, cache) : settings.usage.input();
                return json(200, ("{\"input_tokens\":" + tokens + "}").getBytes(StandardCharsets.UTF_8));
            }
            // What a script reports is not what a cache would have done.
            PromptCache used = settings.usage == null ? cache : null;
            return ofMessage(reply, settings, asked, requestId, promptTokens(request, asked, used));
        } catch (IllegalArgumentException e) {
            return error(400, new ApiError("invalid_request_error", "Unreadable body: " + e.getMessage()), requestId);
        }
    }

    private static long counted(ReceivedRequest request, MessageRequest asked, PromptCache cache) {
        return cache == null
                ? (request.body().length + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN
                : Prompt.of(asked.members()).tokens();
    }

    private static PromptTokens promptTokens(ReceivedRequest request, MessageRequest asked, PromptCache cache) {
        return cache == null
                ? PromptTokens.uncached(counted(request, asked, null))
                : cache.look(request.credentials(), Prompt.of(asked.members()));
    }

    private static Answer ofMessage(
            Reply.OfMessage reply, Settings settings, MessageRequest asked, String requestId, PromptTokens prompt) {
        Message message = message(reply, settings, asked, requestId, prompt);
        return asked.stream()
                ? new Answer(200, SseEvents.CONTENT_TYPE + "; charset=utf-8", message.toEvents(settings.ping), prompt)
                : new Answer(200, JSON, List.of(message.toJson()), prompt);
    }

    private static Message message(
            Reply.OfMessage reply, Settings settings, MessageRequest asked, String requestId, PromptTokens prompt) {
        boolean tooLong =
                !reply.fixedCount() && asked.maxTokens() < reply.content().count();
        Content content = tooLong ? reply.content().limitedTo(asked.maxTokens()) : reply.content();
        String stopReason = tooLong ? "max_tokens" : content.isTool() ? "tool_use" : "end_turn";
        String model = settings.model == null ? asked.model() : settings.model;
        Usage usage = settings.usage == null ? prompt.withOutput(content.count()) : settings.usage;
        return new Message("msg_" + requestId.substring(requestId.indexOf('_') + 1), model, content, stopReason, usage);
    }
}
