package org.ccrelayer.simulated;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * How one request is answered: the content, and everything that may go wrong or slow on the way. Immutable; every
 * modifier returns a changed copy, and one script may answer any number of requests at once.
 *
 * <p>Where a modifier counts events it counts all events of the regular stream from 1, {@code message_start} and
 * {@code ping} included, but not the pings of {@link #silence}. An answer that is not an event stream counts as one
 * event. Counts beyond the end of the stream mean its end.
 */
public final class Script {
    private static final String DEFAULT_TEXT = "Hello from the simulated Claude API.";

    private final Settings settings;

    private Script(Settings settings) {
        this.settings = settings;
    }

    /** A short message, as JSON or as a stream according to the request, with matching usage. */
    public static Script answer() {
        return text(DEFAULT_TEXT);
    }

    /** A message with this text, streamed word by word; longer than the request's max_tokens it is cut there. */
    public static Script text(String text) {
        return new Script(new Settings(new Reply.OfMessage(Content.text(text), false)));
    }

    /** A message that calls a tool; {@code inputJson} must be a JSON object and is sent as it is. */
    public static Script toolUse(String toolName, String inputJson) {
        return new Script(new Settings(new Reply.OfMessage(Content.toolUse(toolName, inputJson), true)));
    }

    /** Exactly these bytes; those of an event stream are cut into events for the modifiers that count them. */
    public static Script raw(int status, String contentType, byte[] body) {
        return new Script(new Settings(new Reply.OfBytes(status, contentType, body.clone())));
    }

    /** An error from 400 to 599 in the API's form, with the error type that the API documents for the status. */
    public static Script error(int status) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("not an error status: " + status);
        }
        return new Script(new Settings(new Reply.OfError(status)));
    }

    /**
     * A 429 that announces when to try again, in whole seconds rounded up.
     *
     * @param retryAfter null for the kind of 429 that carries neither {@code retry-after} nor the time of a reset
     */
    public static Script rateLimited(Duration retryAfter) {
        return new Script(new Settings(new Reply.OfRateLimit(retryAfter)));
    }

    /** Reads the request and closes the connection without a byte of an answer. */
    public static Script refuse() {
        return new Script(new Settings(new Reply.OfRefusal()));
    }

    /**
     * Sends a header in place of the one of this name that the simulator would send; repeated for one name it sends
     * several.
     *
     * @param value null to send no header of this name
     */
    public Script withHeader(String name, String value) {
        return with(s -> s.addHeader(new Settings.Header(name, value)));
    }

    /**
     * Token counts to report, each without the others, whatever a cache says; the default counts a token per four bytes
     * and per delta.
     */
    public Script withUsage(long input, long output, long cacheWrite5m, long cacheWrite1h, long cacheRead) {
        return with(s -> s.usage = new Usage(input, output, cacheWrite5m, cacheWrite1h, cacheRead));
    }

    /** The model to name in the answer; the default is the requested one. */
    public Script withModel(String model) {
        return with(s -> s.model = model);
    }

    /** Waits before the status line is sent. */
    public Script delay(Duration beforeHeaders) {
        return with(s -> s.delay = notNegative(beforeHeaders));
    }

    /** Sends the headers at once and waits before the first byte of the body. */
    public Script delayBeforeBody(Duration delay) {
        return with(s -> s.bodyDelay = notNegative(delay));
    }

    /** Waits between events and sends each as a write of its own. */
    public Script trickle(Duration betweenEvents) {
        return with(s -> s.trickle = notNegative(betweenEvents));
    }

    /**
     * The number of deltas, at least 1, sent whatever the request's max_tokens. Each is the first word of the text or
     * what {@link #deltaText} says; the input of a tool is cut into this many pieces instead.
     */
    public Script events(int deltaCount) {
        if (deltaCount < 1) {
            throw new IllegalArgumentException("at least one delta is needed: " + deltaCount);
        }
        return withContent(content -> content.withCount(deltaCount));
    }

    /** The text of every delta; their number stays as it is. */
    public Script deltaText(String text) {
        return withContent(content -> content.withPiece(text));
    }

    /** Cuts the body into writes of this many bytes, each flushed on its own; 0 does not cut. */
    public Script chunkSize(int bytes) {
        return with(s -> s.chunkSize = notNegative(bytes));
    }

    /** Sends each event as a write of its own; otherwise adjacent events may share one. */
    public Script eventPerWrite() {
        return with(s -> s.eventPerWrite = true);
    }

    /** Closes the connection behind the first {@code n} events, without the end of the body. */
    public Script cutAfterEvent(int n) {
        return endingWith(Ending.Kind.CUT, n, "");
    }

    /** Closes the connection behind the first {@code n} events and one half of the next. */
    public Script cutMidEvent(int n) {
        return endingWith(Ending.Kind.CUT_MID_EVENT, n, "");
    }

    /** Ends the body properly behind the first {@code n} events, so that only the message is incomplete. */
    public Script cleanEndAfterEvent(int n) {
        return endingWith(Ending.Kind.CLEAN, n, "");
    }

    /** Sends an {@code error} event behind the first {@code n} events of a stream and ends the body properly. */
    public Script errorEventAfter(int n, String errorType) {
        return endingWith(Ending.Kind.ERROR_EVENT, n, errorType);
    }

    /** Sends nothing but pings for some time behind the first event; a period of zero means no pings. */
    public Script silence(Duration total, Duration pingEvery) {
        return with(s -> s.silence = new Settings.Silence(notNegative(total), notNegative(pingEvery)));
    }

    /** Whether a ping follows {@code content_block_start}, as it does by default. */
    public Script ping(boolean wanted) {
        return with(s -> s.ping = wanted);
    }

    /** Sends the body gzip-encoded, whether or not the request accepts it; each write can be decoded on its own. */
    public Script gzip() {
        return with(s -> s.gzip = true);
    }

    /** Sends an interim answer first; {@code status} is 102 or 103. */
    public Script informational(int status) {
        if (status != 102 && status != 103) {
            throw new IllegalArgumentException("not an interim status: " + status);
        }
        return with(s -> s.informational = status);
    }

    Settings settings() {
        return settings;
    }

    private Script with(Consumer<Settings> change) {
        return new Script(settings.with(change));
    }

    private Script withContent(UnaryOperator<Content> change) {
        if (!(settings.reply instanceof Reply.OfMessage message)) {
            throw new IllegalStateException("only a message has deltas");
        }
        Reply changed = new Reply.OfMessage(change.apply(message.content()), true);
        return with(s -> s.reply = changed);
    }

    private Script endingWith(Ending.Kind kind, int n, String errorType) {
        return with(s -> s.ending = new Ending(kind, notNegative(n), errorType));
    }

    private static int notNegative(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("negative: " + number);
        }
        return number;
    }

    private static Duration notNegative(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("negative: " + duration);
        }
        return duration;
    }
}
