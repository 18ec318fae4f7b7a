package org.ccrelayer.simulated;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How an answer ends, and behind how many of its events when that is before the last. */
record Ending(Kind kind, int events, String errorType) {
    static final Ending REGULAR = new Ending(Kind.REGULAR, 0, "");

    enum Kind {
        REGULAR,
        CUT,
        CUT_MID_EVENT,
        CLEAN,
        ERROR_EVENT
    }

    /** An error event has no place in an answer that is not a stream of events. */
    Ending forStream(boolean stream) {
        return kind == Kind.ERROR_EVENT && !stream ? REGULAR : this;
    }

    boolean isRegular() {
        return kind == Kind.REGULAR;
    }

    /** Whether any byte of a message is sent. */
    boolean sendsMessage() {
        return isRegular() || kind == Kind.CUT_MID_EVENT || events > 0;
    }

    boolean isCut() {
        return kind == Kind.CUT || kind == Kind.CUT_MID_EVENT;
    }

    List<byte[]> apply(List<byte[]> all, String requestId) {
        if (isRegular()) {
            return all;
        }
        List<byte[]> kept = new ArrayList<>(all.subList(0, Math.min(events, all.size())));
        if (kind == Kind.CUT_MID_EVENT && events < all.size()) {
            kept.add(firstHalf(all.get(events)));
        } else if (kind == Kind.ERROR_EVENT) {
            kept.add(ApiError.ofType(errorType).toEvent(requestId));
        }
        return kept;
    }

    private static byte[] firstHalf(byte[] event) {
        return Arrays.copyOf(event, event.length / 2);
    }
}
