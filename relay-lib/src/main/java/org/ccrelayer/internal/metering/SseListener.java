package org.ccrelayer.internal.metering;

/**
 * Is told what a {@link SseScanner} finds, in order. Arrays handed over hold their content only during the call and
 * must not be changed.
 */
public interface SseListener {
    /**
     * The data of a {@code content_block_start} or {@code content_block_delta} begins. What was told of an event that
     * has not ended by then belongs to nothing.
     */
    void dataBegins(EventKind kind);

    /** The next piece of that data, without framing, split anywhere; its lines are joined with LF. */
    void data(byte[] bytes, int from, int to);

    /**
     * An event is complete. Not told of events that have no data field: those are never dispatched.
     *
     * @param kind by the last name that the event gave itself
     * @param data for {@code message_start}, {@code message_delta} and {@code error}: the data, from the array's beginning
     * @param length the data's bytes; -1 where they could not be kept; 0 for all other kinds
     */
    void event(EventKind kind, byte[] data, int length);
}
