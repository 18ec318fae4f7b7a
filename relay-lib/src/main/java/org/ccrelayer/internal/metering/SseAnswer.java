package org.ccrelayer.internal.metering;

import static org.ccrelayer.internal.metering.ReportedUsage.word;

import java.util.Arrays;
import java.util.List;
import org.ccrelayer.internal.json.JsonException;
import org.ccrelayer.internal.json.JsonObject;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.ownership.ObjectKind;
import org.ccrelayer.usage.MeteredAnswer;
import org.jspecify.annotations.Nullable;

/**
 * An answer that comes as a stream of events. Usage is taken from {@code message_start} and replaced by what each
 * {@code message_delta} says; an event that cannot be read changes nothing, but then the answer does not count as
 * metered to its end. An unfinished event counts for nothing. Not safe for concurrent use.
 */
final class SseAnswer implements AnswerReader, SseListener {
    /** The type of an error that does not say one that can be read. */
    static final String UNKNOWN_ERROR = "unknown_error";

    private final SseScanner scanner = new SseScanner(this);
    private final BlockCounter block = new BlockCounter();
    private final ReportedUsage usage = new ReportedUsage();
    private final MadeObjects made = new MadeObjects();
    private @Nullable String model;
    private @Nullable String messageId;
    private @Nullable String stopReason;
    private @Nullable String errorType;
    private long outputCharacters;
    private boolean contentStarted;
    private boolean stopped;
    private boolean unreadable;

    @Override
    public void feed(byte[] bytes, int from, int to) {
        scanner.feed(bytes, from, to);
    }

    /** The framing of what was read. */
    SseScanner scanner() {
        return scanner;
    }

    /** Whether the event came that ends every stream: {@code message_stop} or {@code error}. */
    boolean terminated() {
        return stopped || errorType != null;
    }

    @Override
    public boolean complete() {
        return stopped && errorType == null;
    }

    @Override
    public MeteredAnswer result() {
        return new MeteredAnswer(
                model,
                messageId,
                stopReason,
                usage.reported(),
                contentStarted,
                complete() && usage.reported() && !unreadable,
                errorType,
                outputCharacters,
                usage.usage());
    }

    @Override
    public List<ObjectId> takeMade() {
        return made.take();
    }

    @Override
    public boolean thought() {
        return block.thought();
    }

    @Override
    public void dataBegins(EventKind kind) {
        block.begin(kind);
    }

    @Override
    public void data(byte[] bytes, int from, int to) {
        block.feed(bytes, from, to);
    }

    @Override
    public void event(EventKind kind, byte[] data, int length) {
        switch (kind) {
            case CONTENT_BLOCK_START -> {
                content(kind);
                block.filesOf(kind).forEach(id -> made.add(ObjectKind.FILE, id));
            }
            case CONTENT_BLOCK_DELTA -> content(kind);
            case MESSAGE_START -> messageStart(parse(data, length));
            case MESSAGE_DELTA -> messageDelta(parse(data, length));
            case MESSAGE_STOP -> stopped = true;
            case ERROR -> error(parse(data, length));
            case CONTENT_BLOCK_STOP, PING, MESSAGE, OTHER -> {}
        }
        block.end();
    }

    private void content(EventKind kind) {
        outputCharacters += block.charactersOf(kind);
        contentStarted |= block.contentIn(kind);
    }

    private void messageStart(@Nullable JsonObject event) {
        if (event != null && event.get("message") instanceof JsonObject message) {
            model = word(message, "model", model);
            messageId = word(message, "id", messageId);
            stopReason = word(message, "stop_reason", stopReason);
            made.add(ObjectKind.MESSAGE, messageId);
            addContainer(message);
            report(message);
        } else {
            unreadable = true;
        }
    }

    private void messageDelta(@Nullable JsonObject event) {
        if (event == null) {
            unreadable = true;
            return;
        }
        if (event.get("delta") instanceof JsonObject delta) {
            stopReason = word(delta, "stop_reason", stopReason);
            addContainer(delta);
            if (delta.get("stop_details") instanceof JsonObject details) {
                made.add(
                        ObjectKind.FALLBACK_CREDIT,
                        details.string("fallback_credit_token").orElse(null));
            }
        }
        addContainer(event);
        report(event);
    }

    private void addContainer(JsonObject holder) {
        if (holder.get("container") instanceof JsonObject container) {
            made.add(ObjectKind.CONTAINER, word(container, "id", null));
        }
    }

    private void report(JsonObject holder) {
        if (holder.get("usage") instanceof JsonObject report) {
            usage.overwrite(report);
        }
    }

    private void error(@Nullable JsonObject event) {
        errorType = UNKNOWN_ERROR;
        if (event != null && event.get("error") instanceof JsonObject error) {
            errorType = word(error, "type", errorType);
        }
    }

    private static @Nullable JsonObject parse(byte[] data, int length) {
        if (length < 0) {
            return null;
        }
        try {
            return JsonObject.parse(Arrays.copyOf(data, length));
        } catch (JsonException e) {
            return null;
        }
    }
}
