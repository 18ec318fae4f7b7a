package org.ccrelayer.internal.metering;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.usage.MeteredAnswer;
import org.jspecify.annotations.Nullable;

/**
 * Reads along one answer of an upstream: sees every byte, changes none, and knows what the answer used and made. It reads event
 * streams and JSON documents, plain or coded with gzip or deflate; of anything else it finds nothing. Whatever the bytes
 * are, it does not throw. Memory is bounded, whatever the answer's length. Must be closed.
 *
 * <p>Safe for concurrent use, so that an answer can be given up while its bytes are read; the bytes themselves must come
 * in order.
 */
public final class UsageMeter implements AutoCloseable {
    private static final int COPY_BYTES = 8 * 1024;

    private final @Nullable AnswerReader reader;
    private final @Nullable SseAnswer stream;
    private final @Nullable ContentDecoder decoder;
    private byte[] copy = {};
    private boolean ended;

    private UsageMeter(@Nullable AnswerReader reader, @Nullable ContentDecoder decoder) {
        this.reader = reader;
        this.stream = reader instanceof SseAnswer events ? events : null;
        this.decoder = decoder;
    }

    /**
     * A meter for an answer with these headers.
     *
     * @param contentType the value of {@code Content-Type}, parameters and all; null where there is none
     * @param contentEncoding the value of {@code Content-Encoding}; null where there is none
     */
    public static UsageMeter forAnswer(@Nullable String contentType, @Nullable String contentEncoding) {
        return forAnswer(contentType, contentEncoding, ContentDecoder.MAX_DECODED_BYTES);
    }

    static UsageMeter forAnswer(@Nullable String contentType, @Nullable String contentEncoding, long maxDecoded) {
        ContentDecoder.Coding coding = ContentDecoder.Coding.of(contentEncoding == null ? "" : contentEncoding);
        AnswerReader reader = coding == ContentDecoder.Coding.UNKNOWN ? null : readerOf(contentType);
        return new UsageMeter(
                reader,
                reader == null || coding == ContentDecoder.Coding.IDENTITY
                        ? null
                        : new ContentDecoder(reader, coding, maxDecoded));
    }

    private static @Nullable AnswerReader readerOf(@Nullable String contentType) {
        String type = contentType == null ? "" : contentType;
        int parameters = type.indexOf(';');
        String plain = parameters < 0 ? type : type.substring(0, parameters);
        return switch (plain.strip().toLowerCase(Locale.ROOT)) {
            case "text/event-stream" -> new SseAnswer();
            case "application/json" -> new JsonAnswer();
            default -> null;
        };
    }

    /** The answer's next bytes, from the buffer's position to its limit; neither of them is changed. */
    public synchronized void see(ByteBuffer bytes) {
        if (reader == null || ended) {
            return;
        }
        if (bytes.hasArray()) {
            int from = bytes.arrayOffset() + bytes.position();
            read(bytes.array(), from, from + bytes.remaining());
            return;
        }
        if (copy.length == 0) {
            copy = new byte[COPY_BYTES];
        }
        for (int at = bytes.position(); at < bytes.limit(); at += COPY_BYTES) {
            int count = Math.min(COPY_BYTES, bytes.limit() - at);
            bytes.get(at, copy, 0, count);
            read(copy, 0, count);
        }
    }

    private void read(byte[] bytes, int from, int to) {
        if (decoder != null) {
            decoder.feed(bytes, from, to);
        } else if (reader != null) {
            reader.feed(bytes, from, to);
        }
    }

    /** Says that the upstream ended its answer cleanly. An event that is unfinished then counts for nothing. */
    public synchronized void end() {
        ended = true;
    }

    /** What was found so far; at any time, also after {@link #close}. */
    public synchronized MeteredAnswer result() {
        return reader == null ? MeteredAnswer.NOTHING : reader.result();
    }

    /**
     * The objects that the answer named since this was asked last: a stream's as they come, a document's at its end. None of an
     * error.
     */
    public synchronized List<ObjectId> takeMade() {
        return reader == null ? List.of() : reader.takeMade();
    }

    /** Whether the model thought, as far as was read. */
    public synchronized boolean thought() {
        return reader != null && reader.thought();
    }

    /**
     * Whether the answer reached its proper end: {@code message_stop}, or the end of the JSON document, and no error.
     * Unlike {@link MeteredAnswer#complete} this does not ask whether all usage could be read.
     */
    public synchronized boolean complete() {
        return reader != null && reader.complete();
    }

    /**
     * Whether an event stream that ended here would be broken off: it is read, and neither {@code message_stop} nor
     * {@code error} came. False for everything that is not read as an event stream.
     */
    public synchronized boolean brokenOff() {
        return stream != null && !stream.terminated() && !(decoder != null && decoder.failed());
    }

    /** Whether an event may be appended to the answer now: only ever true for an event stream that is not coded. */
    public synchronized boolean eventBorder() {
        return stream != null && decoder == null && stream.scanner().atEventBorder();
    }

    /** How many events are complete. */
    public synchronized long events() {
        return stream == null ? 0 : stream.scanner().events();
    }

    /** The first complete event other than {@code ping}; null while there is none, or where none can be found. */
    public synchronized @Nullable EventKind firstEvent() {
        return stream == null ? null : stream.scanner().first();
    }

    /** Whether more bytes may still bring {@link #firstEvent}; false from the beginning where none can be found. */
    public synchronized boolean awaitsFirstEvent() {
        return stream != null && stream.scanner().first() == null && !ended && !(decoder != null && decoder.over());
    }

    /** Ends the reading and gives back what it held. Closing twice is no error. */
    @Override
    public synchronized void close() {
        ended = true;
        if (decoder != null) {
            decoder.close();
        }
    }
}
