package org.ccrelayer.http;

import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * A request as a client sent it, free of any container's types. Adapters implement it; the relay reads it from one
 * thread at a time.
 */
public interface ClientRequest {
    /** The method, in the client's spelling. */
    String method();

    /**
     * The path below the place where the relay is mounted, as the client sent it: not decoded, not normalised, without
     * query, starting with a slash. Paths are compared literally, so that no two readings of one path exist.
     */
    String path();

    /** The query as the client sent it, without the question mark; null where there is none. */
    @Nullable
    String query();

    /** The header fields in the client's order and spelling. */
    HttpFields headers();

    /**
     * The body. Read it with {@code read()} and {@code demand()}; it may be left unread or half-read when an answer was
     * given.
     */
    Content.Source body();

    /** The address of the peer that opened the connection; forwarding headers play no part. */
    String remoteAddress();

    /** Scheme, authority and mount prefix under which the client reached the relay, without a trailing slash. */
    String baseUri();

    /**
     * Registers what to do when the container learns that the client is gone before the answer is complete. Called at
     * most once, on any thread; registering after the fact calls at once. HTTP/2 tells immediately, HTTP/1.1 usually
     * only when a write fails.
     */
    void onGone(Consumer<Throwable> listener);
}
