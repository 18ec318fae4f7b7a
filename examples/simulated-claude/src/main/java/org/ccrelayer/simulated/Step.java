package org.ccrelayer.simulated;

import java.nio.ByteBuffer;
import java.time.Duration;

/** One thing to do while an answer is sent. */
sealed interface Step {

    record Interim(int status) implements Step {}

    /** Sends the status line and the headers without waiting for the first byte of the body. */
    record Commit() implements Step {}

    record Send(byte[] bytes, int offset, int length) implements Step {

        static Send all(byte[] bytes) {
            return new Send(bytes, 0, bytes.length);
        }

        ByteBuffer buffer() {
            return ByteBuffer.wrap(bytes, offset, length).slice();
        }
    }

    /** Lets something happen at this point of the answer. */
    record Tell(Runnable action) implements Step {}

    record Pause(Duration duration) implements Step {}

    /** Closes the connection whatever is still missing. */
    record Abort() implements Step {}

    /** Ends the body properly. */
    record End() implements Step {}
}
