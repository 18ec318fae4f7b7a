package org.ccrelayer.simulated;

import java.time.Duration;

/** What a script answers with, apart from when and how its bytes are sent. */
sealed interface Reply {

    /** A message; with a fixed count its pieces are sent even when the request's max_tokens is smaller. */
    record OfMessage(Content content, boolean fixedCount) implements Reply {}

    record OfBytes(int status, String contentType, byte[] body) implements Reply {}

    record OfError(int status) implements Reply {}

    /** A rate limit; without a time to retry after, the answer does not tell when the limit resets either. */
    record OfRateLimit(Duration retryAfter) implements Reply {}

    /** No answer at all: the connection is closed. */
    record OfRefusal() implements Reply {}
}
