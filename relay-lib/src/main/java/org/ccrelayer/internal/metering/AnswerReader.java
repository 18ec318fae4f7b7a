package org.ccrelayer.internal.metering;

import org.ccrelayer.usage.MeteredAnswer;

/** Reads the decoded bytes of one answer, in order and split anywhere. Never throws because of what they are. */
interface AnswerReader {
    /** The next bytes; they are only good during the call and must not be changed. */
    void feed(byte[] bytes, int from, int to);

    /** Whether the answer reached its proper end, without an error. */
    boolean complete();

    /** What was found so far. */
    MeteredAnswer result();
}
