package org.ccrelayer.internal.metering;

import java.util.List;
import org.ccrelayer.ownership.ObjectId;
import org.ccrelayer.usage.MeteredAnswer;

/** Reads the decoded bytes of one answer, in order and split anywhere. Never throws because of what they are. */
interface AnswerReader {
    /** The next bytes; they are only good during the call and must not be changed. */
    void feed(byte[] bytes, int from, int to);

    /** Whether the answer reached its proper end, without an error. */
    boolean complete();

    /** The objects that the answer named since this was asked last. */
    List<ObjectId> takeMade();

    /** Whether the model thought, as far as was read. */
    boolean thought();

    /** What was found so far. */
    MeteredAnswer result();
}
