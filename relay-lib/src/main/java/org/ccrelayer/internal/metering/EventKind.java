package org.ccrelayer.internal.metering;

/** What an event of a message stream is, by its name (API reference, "Streaming messages"). */
public enum EventKind {
    /** A piece of a content block. By far the most frequent, so it is looked for first. */
    CONTENT_BLOCK_DELTA("content_block_delta", Use.STREAMED),
    /** A content block begins. */
    CONTENT_BLOCK_START("content_block_start", Use.STREAMED),
    /** A content block ends. */
    CONTENT_BLOCK_STOP("content_block_stop", Use.NONE),
    /** Nothing but a sign of life. */
    PING("ping", Use.NONE),
    /** The message begins; carries the input side of the usage. */
    MESSAGE_START("message_start", Use.KEPT),
    /** The message ends soon; carries cumulative usage. */
    MESSAGE_DELTA("message_delta", Use.KEPT),
    /** The message's proper end. */
    MESSAGE_STOP("message_stop", Use.NONE),
    /** The answer failed after its beginning. */
    ERROR("error", Use.KEPT),
    /** An event without a name, or with this one; the API uses none. */
    MESSAGE("message", Use.NONE),
    /** A name that is not known; such events are relayed and mean nothing here. */
    OTHER("", Use.NONE);

    /** What becomes of the data of an event. */
    enum Use {
        /** It is passed over. */
        NONE,
        /** It is handed on piece by piece. */
        STREAMED,
        /** It is collected and handed on whole. */
        KEPT
    }

    private static final EventKind[] KINDS = values();

    private final byte[] eventName;
    private final Use use;

    EventKind(String eventName, Use use) {
        this.eventName = Ascii.bytes(eventName);
        this.use = use;
    }

    /** The kind with this name; allocates nothing. */
    static EventKind named(byte[] name, int length) {
        if (length == 0) {
            return MESSAGE;
        }
        for (EventKind kind : KINDS) {
            if (Ascii.is(kind.eventName, name, length)) {
                return kind;
            }
        }
        return OTHER;
    }

    Use use() {
        return use;
    }
}
