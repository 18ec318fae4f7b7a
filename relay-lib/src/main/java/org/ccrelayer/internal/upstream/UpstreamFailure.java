package org.ccrelayer.internal.upstream;

import static java.util.Objects.requireNonNull;

/**
 * Why no answer came.
 *
 * @param kind what went wrong
 * @param sent whether the upstream may have seen the request
 * @param cause for the log
 */
public record UpstreamFailure(Kind kind, boolean sent, Throwable cause) {
    /** What can go wrong before an answer begins. */
    public enum Kind {
        /** No connection could be made, or it broke. */
        UNREACHABLE("connection failed"),
        /** The headers did not arrive in time. */
        TIMEOUT("timed out"),
        /** The relay gave the request up, because its client is gone or it is closing. */
        CANCELLED("cancelled");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        /** In words for people. */
        public String words() {
            return words;
        }
    }

    public UpstreamFailure {
        requireNonNull(kind, "kind");
        requireNonNull(cause, "cause");
    }
}
